import type { SchemaPlan } from '@yidian/database';
import { AUDIT_APPEND_ONLY, JOURNAL_APPEND_ONLY, SEAL_APPEND_ONLY } from '@yidian/journal';
import { LEDGER_APPEND_ONLY } from '@yidian/ledger';
import { Branches1795410000001 } from './migrations/20261123130000-branches';
import { Numbers1795410060001 } from './migrations/20261123130100-numbers';
import { Subscribers1795410120001 } from './migrations/20261123130200-subscribers';
import { Journal1795410180001 } from './migrations/20261123130300-journal';
import { LifeCycle1795456800001 } from './migrations/20261123180000-life-cycle';
import { NumberingVersions1795456860001 } from './migrations/20261123180100-numbering-versions';
import { AnchorSeals1795460400001 } from './migrations/20261123190000-anchor-seals';
import { Bss1795460700001 } from './migrations/20261123190500-bss';
import { BssEventDigest1795510800001 } from './migrations/20261124090000-bss-event-digest';
import { AccountSnapshots1795461000001 } from './migrations/20261123191000-account-snapshots';
import { Policies1795462200001 } from './migrations/20261123193000-policies';
import { Bills1795462260001 } from './migrations/20261123193100-bills';
import { Takebacks1795462320001 } from './migrations/20261123193200-takebacks';
import { Receivables1795463400001 } from './migrations/20261123194000-receivables';
import { LedgerTerms1795465200001 } from './migrations/20261123201000-ledger-terms';
import { BookOpenings1795856400000 } from './migrations/20261128090000-book-openings';
import { LedgerDefaults1795906800000 } from './migrations/20261128230000-ledger-defaults';
import { NumbersOfBranch1795944300000 } from './migrations/20261129092500-numbers-of-branch';

export const schema: SchemaPlan = {
  service: 'billing',
  migrations: [
    Branches1795410000001,
    Numbers1795410060001,
    Subscribers1795410120001,
    Journal1795410180001,
    LifeCycle1795456800001,
    NumberingVersions1795456860001,
    AnchorSeals1795460400001,
    Bss1795460700001,
    BssEventDigest1795510800001,
    AccountSnapshots1795461000001,
    Policies1795462200001,
    Bills1795462260001,
    Takebacks1795462320001,
    Receivables1795463400001,
    LedgerTerms1795465200001,
    BookOpenings1795856400000,
    LedgerDefaults1795906800000,
    NumbersOfBranch1795944300000,
  ],
  appendOnly: [
    ...JOURNAL_APPEND_ONLY,
    ...SEAL_APPEND_ONLY,
    ...LEDGER_APPEND_ONLY,
    ...AUDIT_APPEND_ONLY,
    'bill_allocation',
    'invoice_event',
    'subscriber_status',
    'subscriber_event',
    'number_change',
    'bss_order_move',
    'bss_finding',
    'bss_difference',
  ],
};
