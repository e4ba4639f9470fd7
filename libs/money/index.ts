export * from './money';
export * from './decimal';
export * from './claw-back';
export * from './take-back';
export * from './cascade';
export * from './tiers';
