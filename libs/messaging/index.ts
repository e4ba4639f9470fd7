export * from './rpc-client';
export * from './bell';
