export { Busy, Closed, Expired, OutcomeUnknown, Poison } from '@yidian/batching';
export * from './fact';
export {
  insertions,
  Rendered,
  sqlBytes,
  sqlStored,
  sqlString,
  sqlText,
  sqlTime,
  sqlValue,
  type Insertion,
  type RowTexts,
} from './sql-text';
export * from './lane-body';
export * from './lane-writer';
export { UnknownProvider } from './open-transaction';
export * from './tables';
export * from './books';
export { bookFacts, type BookFact } from './book-facts.store';
export { latestFrozenDate } from './books.store';
export * from './anchors';
export * from './anchors.store';
export * from './anchor-key';
export * from './seals';
export * from './seals.store';
export * from './exported-anchor';
export * from './audit';
export * from './verify';
export { Findings, Meter, PageSize, type Pace, type Progress } from './findings';
export { type ChainedTable, type LaneEnd } from './verify.store';
export { LANE_START, type LanePoint } from './lane-walk';
export * from './durable';
