export { Busy, Closed, Expired, OutcomeUnknown, Poison } from '@yidian/batching';
export * from './fact';
export * from './lane-body';
export * from './lane-writer';
export * from './tables';
export * from './books';
export * from './audit';
export * from './verify';
export * from './durable';
