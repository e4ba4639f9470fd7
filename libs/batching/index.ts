export * from './outcomes';
export * from './group-commit';
export * from './coalescer';
