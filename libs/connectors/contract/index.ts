export * from './answers';
export * from './connector';
export * from './definition';
export * from './echo';
export * from './guarded';
export * from './profile';
export * from './statement';
export * from './without';
