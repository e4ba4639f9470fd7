import type { SchemaPlan } from '@yidian/database';
import { AUDIT_APPEND_ONLY, JOURNAL_APPEND_ONLY } from '@yidian/journal';
import { Journal1763900000001 } from './migrations/20261123000001-journal';
import { Access1763900000101 } from './migrations/20261123000101-access';

export const schema: SchemaPlan = {
  service: 'gateway',
  migrations: [Journal1763900000001, Access1763900000101],
  appendOnly: [...JOURNAL_APPEND_ONLY, ...AUDIT_APPEND_ONLY],
};
