export * from './common';
export * from './books';
export * from './billing';
export * from './gateway';
export * from './numbering';
export * from './reconciliation';
export * from './settlement';
export * from './patterns';
