export * from './money';
export * from './claw-back';
export * from './take-back';
