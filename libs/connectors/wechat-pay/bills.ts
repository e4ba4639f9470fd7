import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ProviderFile } from '../contract';
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
 * itself is unsigned: the hash in the signed answer before it is what makes it WeChat Pay's.
 */
export async function fetchBill(link: Link, bill: Bill, date: string, signal: AbortSignal): Promise<ProviderFile> {
  const answer = await link.get(QUERIES[bill] + date, signal);
  if (answer.status !== 200) {
    const { code } = errorOf(answer.body);
    if (code === 'NO_STATEMENT_EXIST') return { state: 'none_today' };
    if (code === 'STATEMENT_CREATING') return { state: 'not_ready' };
    throw new Error(`bill of ${date}: HTTP ${answer.status} ${code}`.trim());
  }
  const { hash_type, hash_value, download_url } = parse(billWord, answer.body);
  if (hash_type !== 'SHA1') throw new Error(`bill of ${date}: another kind of hash`);
  const { status, body } = await link.download(download_url, signal);
  if (status !== 200) throw new Error(`bill of ${date}: download HTTP ${status} ${errorOf(body).code}`.trim());
  if (!(await hashesTo(hash_value.toLowerCase(), body))) throw new Error(`bill of ${date}: the hash does not fit`);
  return { state: 'ready', fileName: `${date}.wechat-${bill}.csv${isGzip(body) ? '.gz' : ''}`, content: body };
}

/** The documents do not say whether the hash is over the file or over its compressed form: either one proves it. */
async function hashesTo(hash: string, content: Buffer): Promise<boolean> {
  if (createHash('sha1').update(content).digest('hex') === hash) return true;
  if (!isGzip(content)) return false;
  const plain = createHash('sha1');
  for await (const chunk of Readable.from([content]).pipe(createGunzip())) plain.update(chunk as Buffer);
  return plain.digest('hex') === hash;
}
