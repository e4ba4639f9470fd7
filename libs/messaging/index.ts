export * from './rpc-client';
export * from './frame-server';
export * from './bell';
