/** A statement as everybody beyond this room knows it: its lines and its sums. */
export * from './statement-line';
export { type StatementTotals } from './statement-totals';
