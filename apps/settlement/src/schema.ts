import type { SchemaPlan } from '@yidian/database';
import { JOURNAL_APPEND_ONLY, SEAL_APPEND_ONLY } from '@yidian/journal';
import { LEDGER_APPEND_ONLY } from '@yidian/ledger';
import { Ledger1795413000001 } from './migrations/20261123150000-ledger';
import { Contracts1795413060001 } from './migrations/20261123150100-contracts';
import { Batches1795413120001 } from './migrations/20261123150200-batches';
import { Items1795413180001 } from './migrations/20261123150300-items';
import { ResolutionsAndOutbox1795413240001 } from './migrations/20261123150400-resolutions-and-outbox';
import { AnchorSeals1795460400001 } from './migrations/20261123190000-anchor-seals';
import { AccountSnapshots1795461000001 } from './migrations/20261123191000-account-snapshots';
import { PrincipalItems1795464000001 } from './migrations/20261123195000-principal-items';
import { LedgerTerms1795465200001 } from './migrations/20261123201000-ledger-terms';
import { LedgerDefaults1795906800000 } from './migrations/20261128230000-ledger-defaults';
import { PayoutLines1795920900000 } from './migrations/20261129025500-payout-lines';
import { Treasury1795918200000 } from './migrations/20261129021000-treasury';
import { SealedSegments1795943700000 } from './migrations/20261129091500-sealed-segments';
import { Adjustments1795944600000 } from './migrations/20261129093000-adjustments';
import { Promotions1795945200000 } from './migrations/20261129094000-promotions';
import { StatementPeriods1795945260000 } from './migrations/20261129094100-statement-periods';
import { HandMoves1795945320000 } from './migrations/20261129094200-hand-moves';
import { ContractTerms1795920000000 } from './migrations/20261129024000-contract-terms';

export const schema: SchemaPlan = {
  service: 'settlement',
  migrations: [
    Ledger1795413000001,
    Contracts1795413060001,
    Batches1795413120001,
    Items1795413180001,
    ResolutionsAndOutbox1795413240001,
    AnchorSeals1795460400001,
    AccountSnapshots1795461000001,
    PrincipalItems1795464000001,
    LedgerTerms1795465200001,
    LedgerDefaults1795906800000,
    Treasury1795918200000,
    ContractTerms1795920000000,
    PayoutLines1795920900000,
    SealedSegments1795943700000,
    Adjustments1795944600000,
    Promotions1795945200000,
    StatementPeriods1795945260000,
    HandMoves1795945320000,
  ],
  appendOnly: [...JOURNAL_APPEND_ONLY, ...SEAL_APPEND_ONLY, ...LEDGER_APPEND_ONLY, 'principal_item', 'adjustment_leg'],
};
