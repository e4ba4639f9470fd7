import type { AgreementRef, Connector, DebitRequest, ProviderFile, RefundRequest, StatementFile } from './connector';
import type { GuardedConnector } from './guarded';
import { whole } from './played-file';
import type { Script } from './played-provider';

export const DEBIT: DebitRequest = {
  orderNo: '2611224321500731004201',
  amount: 5000n,
  currency: 'CNY',
  agreementRef: 'AR1',
  orderNote: 'test',
  orderedAt: new Date('2026-11-22T03:15:00.000Z'),
  providerTxnId: '',
};
export const REFUND: RefundRequest = {
  orderNo: '26112243215007310042R01',
  amount: 5000n,
  currency: 'CNY',
  orderedAt: new Date('2026-11-22T04:15:00.000Z'),
  providerTxnId: '',
  kind: 'refund',
  original: { ...DEBIT, providerTxnId: 'T1' },
};
export const CASHIER = {
  ...DEBIT,
  presentation: 'redirect' as const,
  expiresInSeconds: 900,
  returnUrl: 'https://gateway.example/portal/payments/pay_1',
};

/** What each thing a provider can do must mean to money. */
export const MEANINGS: [Script, string][] = [
  ['succeed', 'succeeded'],
  ['decline', 'declined'],
  ['pending', 'pending'],
  ['silent', 'unknown'],
  ['wrong_amount', 'unknown'],
  ['wrong_order', 'unknown'],
  ['unlisted_status', 'unknown'],
  ['forged', 'unknown'],
  ['server_error', 'unknown'],
  ['cut_line', 'unknown'],
  ['not_json', 'unknown'],
  ['not_found', 'unknown'],
];
export const SCRIPTS: readonly Script[] = MEANINGS.map(([script]) => script);
export const PAGE_SCRIPTS: Script[] = [
  'succeed',
  'silent',
  'wrong_order',
  'forged',
  'server_error',
  'cut_line',
  'not_json',
];

const AGREEMENT: AgreementRef = { agreementNo: 'agr_1', agreementRef: 'AR1' };
const SIGNING = {
  agreementNo: AGREEMENT.agreementNo,
  numberMasked: '138****1234',
  blind: 'b1',
  returnUrl: CASHIER.returnUrl,
  limits: { payment: 20_000n, day: 50_000n, month: 200_000n, currency: 'CNY' },
};
const CHECK = { ...SIGNING, account: '6222021234567890123', holder: '张三', idNumber: '110101199003070011', phone: '' };
const DAY = '2026-11-22';

/** No answer of the provider's: whatever was asked, nothing is known afterwards. */
export const LOST: Script[] = ['silent', 'forged', 'server_error', 'cut_line', 'not_json'];

/** Calls besides those about money and orders; each is tried with every lost answer. */
export const OTHER_CALLS: Readonly<Record<string, OtherCall>> = {
  close: { can: ({ close }) => close, call: (guarded) => guarded.closeCashier(DEBIT) },
  'same-day reverse': {
    can: ({ reverse }) => reverse,
    call: (guarded) => guarded.refund({ ...REFUND, kind: 'reversal' }),
  },
  sign: { can: ({ agreement }) => agreement !== null, call: (guarded) => guarded.startAgreement(SIGNING) },
  'sign by a code': {
    can: ({ agreement }) => agreement?.check === true,
    call: (guarded) => guarded.checkAccount(CHECK),
  },
  'sign query': {
    can: ({ agreement }) => agreement?.query === true,
    call: (guarded) => guarded.queryAgreement(AGREEMENT),
  },
  unsign: { can: ({ agreement }) => agreement?.unsign === true, call: (guarded) => guarded.endAgreement(AGREEMENT) },
  statement: { can: ({ statement }) => statement !== null, call: (guarded) => taken(guarded.fetchStatement(DAY)) },
  'agreement file': {
    can: ({ agreement }) => agreement?.file === true,
    call: (guarded) => taken(guarded.fetchAgreementFile(DAY)),
  },
};
interface OtherCall {
  can: (capabilities: Connector['capabilities']) => boolean;
  call: (guarded: GuardedConnector) => Promise<{ outcome: string }>;
}

/**
 * A file that does not come is asked for again: it is never "none that day". Bytes that came as the provider vouches for
 * them are the file, whatever they are: reading it finds that it is none.
 */
async function taken(file: Promise<ProviderFile | StatementFile>): Promise<{ outcome: string }> {
  try {
    const read = await whole(file);
    const isNone = read.state === 'ready' && read.content.toString().startsWith('<html>');
    return { outcome: isNone ? 'unknown' : read.state };
  } catch {
    return { outcome: 'unknown' };
  }
}

/** By what is asked (names as in the table of providers): the answers that it is tried with. */
export const TRIED: Readonly<Record<string, readonly Script[]>> = {
  'debit by agreement': SCRIPTS,
  cashier: PAGE_SCRIPTS,
  query: SCRIPTS,
  refund: SCRIPTS,
  'refund query': SCRIPTS,
  ...Object.fromEntries(Object.keys(OTHER_CALLS).map((name) => [name, LOST])),
};

/** What a mere "accepted" can carry of them: no sum and no final word. */
export const ACCEPTED: Partial<Record<Script, string>> = {
  succeed: 'pending',
  wrong_amount: 'pending',
};
