export * from './url';
export * from './db';
export * from './retry';
export * from './provision';
