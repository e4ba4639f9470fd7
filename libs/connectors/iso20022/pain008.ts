import { decimalsOf, toDecimal } from '@yidian/money';
import { accountId, agent, checkOrders, controlSums, fileTime, shortened, type FileAccount } from './pain-parts';
import { contentId, document, element, leaf, money } from './xml-writer';

/** Debits of signed accounts as one file, for a bank that takes them in batches. */
export interface DebitBatch {
  /** YYYY-MM-DD on which the accounts are to be debited. */
  collectionDate: string;
  currency: string;
  /** Ours: what the money is collected to. */
  creditor: FileAccount;
  /** Under which the payers' mandates were given; '' where the bank knows it from the account. */
  creditorId: string;
  createdAt: Date;
  debits: readonly BatchDebit[];
}

export interface BatchDebit {
  /** Attempt number: our reference at the bank, never used twice. */
  number: string;
  /** Minor units, positive. */
  amount: bigint;
  /** The bank's own name of the signed agreement: the mandate. */
  agreementRef: string;
  /** YYYY-MM-DD. */
  signedOn: string;
  /** The first debit under this agreement. */
  first: boolean;
  /** Shown on the payer's statement; never a whole number. */
  note: string;
}

/** A file ready to be sent: named and identified by what it orders. */
export interface OrderFile {
  messageId: string;
  content: Buffer;
}

export type DebitVersion = '02' | '08';

export const DEBIT_FILE = 'YDDD';

/**
 * pain.008: one message, a part for first debits and one for recurring ones. The payer's account never passed our hands, so
 * the agreement's reference stands in its place; the bank that gave the reference knows the account.
 * @throws BatchRefused
 */
export function writeDebitBatch(batch: DebitBatch, version: DebitVersion = '02'): OrderFile {
  const { debits, creditor, currency, collectionDate } = batch;
  checkOrders(debits);
  const messageId = contentId(DEBIT_FILE, [
    [collectionDate, currency, creditor.account, batch.creditorId],
    ...debits.map((one) => [one.number, String(one.amount), one.agreementRef]),
  ]);
  const header = element(
    'GrpHdr',
    leaf('MsgId', messageId),
    leaf('CreDtTm', fileTime(batch.createdAt)),
    controlSums(debits, currency),
    element('InitgPty', leaf('Nm', shortened(creditor.name, 70))),
  );
  const parts = (['FRST', 'RCUR'] as const).map((sequence) => {
    const some = debits.filter(({ first }) => first === (sequence === 'FRST'));
    return some.length === 0 ? '' : part(batch, some, sequence, `${messageId}-${sequence[0]}`, version);
  });
  const text = document(`pain.008.001.${version}`, element('CstmrDrctDbtInitn', header, ...parts));
  return { messageId, content: Buffer.from(text) };
}

function part(
  { collectionDate, creditor, creditorId, currency }: DebitBatch,
  debits: readonly BatchDebit[],
  sequence: 'FRST' | 'RCUR',
  id: string,
  version: DebitVersion,
): string {
  const scheme = element('Id', element('PrvtId', element('Othr', leaf('Id', creditorId))));
  return element(
    'PmtInf',
    leaf('PmtInfId', id),
    leaf('PmtMtd', 'DD'),
    leaf('BtchBookg', 'false'), // each debit is booked by itself, so that its line can be matched
    controlSums(debits, currency),
    element('PmtTpInf', leaf('SeqTp', sequence)),
    leaf('ReqdColltnDt', collectionDate),
    element('Cdtr', leaf('Nm', shortened(creditor.name, 70))),
    element('CdtrAcct', accountId(creditor)),
    agent('CdtrAgt', creditor.bic, version === '08'),
    creditorId === '' ? '' : element('CdtrSchmeId', scheme),
    ...debits.map((debit) => transaction(debit, currency, version)),
  );
}

function transaction(debit: BatchDebit, currency: string, version: DebitVersion): string {
  const { number, amount, agreementRef, signedOn, note } = debit;
  return element(
    'DrctDbtTxInf',
    element('PmtId', leaf('InstrId', number), leaf('EndToEndId', number)),
    money('InstdAmt', toDecimal(amount, decimalsOf(currency)), currency),
    element('DrctDbtTx', element('MndtRltdInf', leaf('MndtId', agreementRef), leaf('DtOfSgntr', signedOn))),
    agent('DbtrAgt', '', version === '08'),
    element('Dbtr', leaf('Nm', 'NOTPROVIDED')),
    element('DbtrAcct', accountId({ account: agreementRef })),
    element('RmtInf', leaf('Ustrd', shortened(note, 140))),
  );
}
