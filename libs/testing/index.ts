export * from './private-servers';
export * from './test-database';
