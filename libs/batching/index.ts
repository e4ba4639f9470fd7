export * from './outcomes';
export * from './group-commit';
