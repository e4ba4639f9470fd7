import type { SchemaPlan } from '@yidian/database';
import { AUDIT_APPEND_ONLY, JOURNAL_APPEND_ONLY, SEAL_APPEND_ONLY } from '@yidian/journal';
import { Journal1763900000001 } from './migrations/20261123000001-journal';
import { Access1763900000101 } from './migrations/20261123000101-access';
import { Payments1763900000201 } from './migrations/20261123000201-payments';
import { Providers1763900000202 } from './migrations/20261123000202-providers';
import { Agreements1763900000203 } from './migrations/20261123000203-agreements';
import { Notifications1763900000204 } from './migrations/20261123000204-notifications';
import { ProviderSettings1763917200000 } from './migrations/20261123170000-provider-settings';
import { AnchorSeals1795460400001 } from './migrations/20261123190000-anchor-seals';
import { LeanPayments1795464000000 } from './migrations/20261123200000-lean-payments';
import { PayersAndChains1795467600000 } from './migrations/20261123210000-payers-and-chains';
import { NumberNews1795467600001 } from './migrations/20261123210000-number-news';
import { BookOpenings1795856400000 } from './migrations/20261128090000-book-openings';
import { ProviderReturns1795860000000 } from './migrations/20261128100000-provider-returns';
import { Routing1795863600000 } from './migrations/20261128110000-routing';
import { Doubts1795867200000 } from './migrations/20261128120000-doubts';
import { WebhookTries1795907400000 } from './migrations/20261128231000-webhook-tries';
import { Exposure1795908000000 } from './migrations/20261128232000-exposure';
import { AgreementTerms1795917600000 } from './migrations/20261129020000-agreement-terms';
import { AutoTopup1795921200000 } from './migrations/20261129030000-auto-topup';
import { Risk1795924800000 } from './migrations/20261129040000-risk';
import { BatchDebits1795928400000 } from './migrations/20261129050000-batch-debits';
import { SmsWires1795918800000 } from './migrations/20261129022000-sms-wires';
import { PartnerKeyAlgorithms1795925100000 } from './migrations/20261129040500-partner-key-algorithms';
import { AttemptNames1795925400000 } from './migrations/20261129041000-attempt-names';
import { BranchTexts1795930200000 } from './migrations/20261129053000-branch-texts';
import { SecondTakings1795932000000 } from './migrations/20261129060000-second-takings';
import { ReplacedAttempts1795933200000 } from './migrations/20261129062000-replaced-attempts';
import { TextLanguages1795934400000 } from './migrations/20261129064000-text-languages';

export const schema: SchemaPlan = {
  service: 'gateway',
  migrations: [
    Journal1763900000001,
    Access1763900000101,
    Payments1763900000201,
    Providers1763900000202,
    Agreements1763900000203,
    Notifications1763900000204,
    ProviderSettings1763917200000,
    AnchorSeals1795460400001,
    LeanPayments1795464000000,
    PayersAndChains1795467600000,
    NumberNews1795467600001,
    BookOpenings1795856400000,
    ProviderReturns1795860000000,
    Routing1795863600000,
    Doubts1795867200000,
    WebhookTries1795907400000,
    Exposure1795908000000,
    AgreementTerms1795917600000,
    SmsWires1795918800000,
    AutoTopup1795921200000,
    Risk1795924800000,
    PartnerKeyAlgorithms1795925100000,
    AttemptNames1795925400000,
    BatchDebits1795928400000,
    BranchTexts1795930200000,
    SecondTakings1795932000000,
    ReplacedAttempts1795933200000,
    TextLanguages1795934400000,
  ],
  appendOnly: [
    ...JOURNAL_APPEND_ONLY,
    ...SEAL_APPEND_ONLY,
    ...AUDIT_APPEND_ONLY,
    'payment_history',
    'event',
    'resolution',
    'agreement_move',
    'routing_decision',
    'decision',
  ],
};
