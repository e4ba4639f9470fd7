import { decimalsOf, toDecimal } from '@yidian/money';
import { PAYOUT_FILE } from './camt-references';
import { accountId, agent, checkOrders, controlSums, fileTime, shortened, type FileAccount } from './pain-parts';
import type { OrderFile } from './pain008';
import { contentId, document, element, leaf, money } from './xml-writer';

/** Transfers from our account as one file: payouts to branches and earners, refunds that can go no other way. */
export interface TransferBatch {
  /** YYYY-MM-DD. */
  executionDate: string;
  currency: string;
  /** Ours: what is paid from. */
  debtor: FileAccount;
  createdAt: Date;
  transfers: readonly Transfer[];
}

export interface Transfer {
  /** Payout or refund number; the receiver and both banks repeat it. A payout tried again is a new payout. */
  number: string;
  /** Minor units, positive. */
  amount: bigint;
  creditor: FileAccount;
  note: string;
}

export type TransferVersion = '03' | '09';

/**
 * pain.001. The message's id is made of what it pays to whom: a file that was sent is never sent again under another name.
 * @throws BatchRefused
 */
export function writeTransferBatch(batch: TransferBatch, version: TransferVersion = '03'): OrderFile {
  const { transfers, debtor, currency, executionDate } = batch;
  checkOrders(transfers);
  const messageId = contentId(PAYOUT_FILE, [
    [executionDate, currency, debtor.account],
    ...transfers.map(({ number, amount, creditor }) => [number, String(amount), creditor.account, creditor.bic]),
  ]);
  const header = element(
    'GrpHdr',
    leaf('MsgId', messageId),
    leaf('CreDtTm', fileTime(batch.createdAt)),
    controlSums(transfers, currency),
    element('InitgPty', leaf('Nm', shortened(debtor.name, 70))),
  );
  const date =
    version === '09' ? element('ReqdExctnDt', leaf('Dt', executionDate)) : leaf('ReqdExctnDt', executionDate);
  const part = element(
    'PmtInf',
    leaf('PmtInfId', `${messageId}-1`),
    leaf('PmtMtd', 'TRF'),
    leaf('BtchBookg', 'false'),
    controlSums(transfers, currency),
    date,
    element('Dbtr', leaf('Nm', shortened(debtor.name, 70))),
    element('DbtrAcct', accountId(debtor)),
    agent('DbtrAgt', debtor.bic, version === '09'),
    leaf('ChrgBr', 'SHAR'),
    ...transfers.map((transfer) => transaction(transfer, currency, version)),
  );
  const text = document(`pain.001.001.${version}`, element('CstmrCdtTrfInitn', header, part));
  return { messageId, content: Buffer.from(text) };
}

function transaction({ number, amount, creditor, note }: Transfer, currency: string, version: TransferVersion): string {
  return element(
    'CdtTrfTxInf',
    element('PmtId', leaf('InstrId', number), leaf('EndToEndId', number)),
    element('Amt', money('InstdAmt', toDecimal(amount, decimalsOf(currency)), currency)),
    creditor.bic === '' ? '' : agent('CdtrAgt', creditor.bic, version === '09'),
    element('Cdtr', leaf('Nm', shortened(creditor.name, 70))),
    element('CdtrAcct', accountId(creditor)),
    element('RmtInf', leaf('Ustrd', shortened(note, 140))),
  );
}
