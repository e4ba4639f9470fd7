export interface AuditEntry {
  actor: string;
  action: string;
  object: string;
  /** JSON text or null. Never a full number, account or key. */
  before: string | null;
  after: string | null;
}

export interface AuditOptions {
  url: string;
  service: string;
  instance: string;
}

export class Audit {
  constructor(readonly options: AuditOptions) {}
  open(): Promise<void> {
    throw new Error('not there yet');
  }
  append(_entry: AuditEntry): Promise<void> {
    throw new Error('not there yet');
  }
  close(): Promise<void> {
    throw new Error('not there yet');
  }
}
