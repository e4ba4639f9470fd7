export * from './rpc-client';
export * from './frame-server';
export { Unpacked } from './packed-topups';
export * from './bell';
