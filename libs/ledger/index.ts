export * from './posting';
export * from './plan';
export * from './ledger';
export * from './tables';
export { LEDGER_SOURCE } from './hash-source';
export { heldAccount, resolutionKey } from './requests';
export { canonicalText, fieldsOf } from './canonical';
