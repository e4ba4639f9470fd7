export const JOURNAL_APPEND_ONLY = ['fact', 'batch', 'anchor', 'anchor_head', 'book_cut_lane'] as const;
export const AUDIT_APPEND_ONLY = ['audit'] as const;
/** DDL, one statement each, for a migration. */
export function journalTables(): string[] {
  return [];
}
export function auditTables(): string[] {
  return [];
}
