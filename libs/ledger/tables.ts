export const LEDGER_APPEND_ONLY = ['posting', 'transfer'] as const;
/** DDL, one statement each, for a migration. Needs journalTables() too. */
export function ledgerTables(): string[] {
  return [];
}
