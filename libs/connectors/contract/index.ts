export * from './answers';
export * from './connector';
export * from './echo';
export * from './guarded';
