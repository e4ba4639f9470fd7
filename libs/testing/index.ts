export * from './private-servers';
export * from './test-database';
export * from './own-redis';
export * from './read-zip';
export * from './wire';
export * from './child-process';
export * from './fact-lines';
