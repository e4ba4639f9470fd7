import { AUDIT_SOURCE, type HashSource } from '@yidian/journal';
import { ALLOCATION_SOURCE } from './bills/bill-rows.store';

/** What billing's lanes have hashed beside postings, transfers and facts: verification must list all of it. */
export const hashSources: readonly HashSource[] = [AUDIT_SOURCE, ALLOCATION_SOURCE];
