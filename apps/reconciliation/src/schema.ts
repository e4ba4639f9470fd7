import type { SchemaPlan } from '@yidian/database';
import { AUDIT_APPEND_ONLY, JOURNAL_APPEND_ONLY, SEAL_APPEND_ONLY } from '@yidian/journal';
import { Books1795340000001 } from './migrations/20261122090000-books';
import { Statements1795340000002 } from './migrations/20261122090100-statements';
import { Runs1795340000003 } from './migrations/20261122090200-runs';
import { Breaks1795340000004 } from './migrations/20261122090300-breaks';
import { Night1795340000005 } from './migrations/20261122090400-night';
import { Audit1795340000006 } from './migrations/20261122090500-audit';
import { AnchorSeals1795460400001 } from './migrations/20261123190000-anchor-seals';
import { BookSegments1795856400000 } from './migrations/20261128090000-book-segments';
import { StatementVersions1795919400000 } from './migrations/20261129023000-statement-versions';
import { MatchedSegments1795925400000 } from './migrations/20261129041000-matched-segments';
import { Desk1795928400000 } from './migrations/20261129050000-desk';
import { CreditRuns1795932900000 } from './migrations/20261129061500-credit-runs';
import { MatchedCounts1795944000000 } from './migrations/20261129092000-matched-counts';
import { NumberSweeps1795944360000 } from './migrations/20261129092600-number-sweeps';

export const schema: SchemaPlan = {
  service: 'reconciliation',
  migrations: [
    Books1795340000001,
    Statements1795340000002,
    Runs1795340000003,
    Breaks1795340000004,
    Night1795340000005,
    Audit1795340000006,
    AnchorSeals1795460400001,
    BookSegments1795856400000,
    StatementVersions1795919400000,
    MatchedSegments1795925400000,
    Desk1795928400000,
    CreditRuns1795932900000,
    MatchedCounts1795944000000,
    NumberSweeps1795944360000,
  ],
  appendOnly: [
    'book_segment',
    'book_fact',
    'match_item',
    'matched_set',
    'matched_segment',
    'matched_count',
    'match_key',
    'break_event',
    'alarm',
    'day_sign_off',
    ...JOURNAL_APPEND_ONLY,
    ...SEAL_APPEND_ONLY,
    ...AUDIT_APPEND_ONLY,
  ],
};
