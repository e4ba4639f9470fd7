import { atMost, LARGEST_STATEMENT, withHead, type StatementFile } from '../contract';
import { BillHashes } from './bill-hashes';
import { isGzip } from './gzip';
import type { Link } from './link';
import { billWord, errorOf, parse } from './words';

export type Bill = 'trade' | 'fundflow';

const QUERIES: Readonly<Record<Bill, string>> = {
  trade: '/v3/bill/tradebill?bill_type=ALL&tar_type=GZIP&bill_date=',
  fundflow: '/v3/bill/fundflowbill?account_type=BASIC&tar_type=GZIP&bill_date=',
};

/**
 * The bill of one day as it was sent, compressed. "Being made" is asked again; "there is none" ends the day. The download
 * itself is unsigned: the hash in the signed answer before it is what makes it WeChat Pay's, once it was read to its end.
 */
export async function fetchBill(link: Link, bill: Bill, date: string, signal: AbortSignal): Promise<StatementFile> {
  const answer = await link.get(QUERIES[bill] + date, signal);
  if (answer.status !== 200) {
    const { code } = errorOf(answer.body);
    if (code === 'NO_STATEMENT_EXIST') return { state: 'none_today' };
    if (code === 'STATEMENT_CREATING') return { state: 'not_ready' };
    throw new Error(`bill of ${date}: HTTP ${answer.status} ${code}`.trim());
  }
  const { hash_type, hash_value, download_url } = parse(billWord, answer.body);
  if (hash_type !== 'SHA1') throw new Error(`bill of ${date}: another kind of hash`);
  const download = await link.download(download_url, signal);
  if ('body' in download) {
    const { status, body } = download;
    throw new Error(`bill of ${date}: download HTTP ${status} ${errorOf(body).code}`.trim());
  }
  const { head, bytes } = await withHead(download.bytes);
  const fileName = `${date}.wechat-${bill}.csv${isGzip(head) ? '.gz' : ''}`;
  const content = proven(atMost(LARGEST_STATEMENT, bytes), new BillHashes(isGzip(head)), hash_value.toLowerCase());
  return { state: 'ready', fileName, content };
}

async function* proven(
  bytes: AsyncIterable<Uint8Array>,
  hashes: BillHashes,
  promised: string,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of bytes) {
      await hashes.update(chunk);
      yield chunk;
    }
    if (!(await hashes.include(promised))) throw new Error('bill: the hash does not fit');
  } finally {
    hashes.close();
  }
}
