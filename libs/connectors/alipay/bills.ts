import { atMost, LARGEST_STATEMENT, letGo, withHead, type StatementFile } from '../contract';
import type { Link } from './link';
import { DONE } from './refusals';
import { said } from './words';

export type Bill = 'trade' | 'signcustomer';

export interface BillPlace {
  link: Link;
  bill: Bill;
  now: () => Date;
}

/** Beijing; bills of a day are there by then on the day after it. */
const MADE_BY = '10:00:00';
const NO_BILL = /(^|[._])(bill[_-]not[_-]exist|no_bill_data)$/i;

/**
 * The bill of one day as it was sent, a zip. Alipay says the same of a bill that is not made yet and of a day without
 * business: before bills are due it means the first, afterwards the second. The address it gives is open for half a minute.
 */
export async function fetchBill(
  { link, bill, now }: BillPlace,
  date: string,
  signal: AbortSignal,
): Promise<StatementFile> {
  const biz = { bill_type: bill, bill_date: date };
  const answer = await link.call({ method: 'alipay.data.dataservice.bill.downloadurl.query', biz }, signal);
  if (answer.code !== DONE) {
    if (NO_BILL.test(answer.subCode)) return { state: now() < due(date) ? 'not_ready' : 'none_today' };
    throw new Error(`bill of ${date}: ${answer.code} ${answer.subCode}`.trim());
  }
  const { head, bytes } = await withHead(await link.download(said(answer.word, 'bill_download_url'), signal));
  if (head.toString('latin1', 0, 2) !== 'PK') {
    await letGo(bytes);
    throw new Error(`bill of ${date}: no zip`);
  }
  return { state: 'ready', fileName: `${date}.alipay-${bill}.zip`, content: atMost(LARGEST_STATEMENT, bytes) };
}

const due = (date: string): Date => new Date(new Date(`${date}T${MADE_BY}+08:00`).getTime() + 86_400_000);
