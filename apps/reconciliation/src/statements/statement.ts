/** A statement as everybody beyond this room knows it: its lines and its sums. */
export * from './statement-line';
export { totalsOf, type StatementTotals } from './statement-totals';
