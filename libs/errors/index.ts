export * from './book';
export * from './problem';
