export * from './posting';
export * from './ledger';
export * from './tables';
