import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { BillType } from '@yidian/connectors/wechat-pay/wire-bill';
import { reply, type Reply } from '../bank/order-answer';
import type { WechatBook } from './wechat-book';
import { billOfDate, flowOfDate } from './wechat-statement';
import { error } from './wechat-words';

/** A bill in two steps: where it lies with its hash, signed; then the file itself, unsigned. */
export class WechatBills {
  private readonly files = new Map<string, Buffer>();

  constructor(
    private readonly book: WechatBook,
    private readonly of: { mchid: string; appid: string },
  ) {}

  trade(date: string, type: BillType, gzip: boolean, base: string): Reply {
    return this.offer(date, `trade ${type}`, gzip, base, () => billOfDate(this.book, date, { ...this.of, type }));
  }

  fundFlow(date: string, gzip: boolean, base: string): Reply {
    return this.offer(date, 'fundflow', gzip, base, () => flowOfDate(this.book, date));
  }

  file(token: string): Buffer | undefined {
    return this.files.get(token);
  }

  /** A day's file exists only when the day is over; its hash is over what is in it, compressed or not. */
  private offer(date: string, what: string, gzip: boolean, base: string, make: () => string | null): Reply {
    if (date >= this.book.date) return error(400, 'STATEMENT_CREATING');
    const text = make();
    if (text === null) return error(400, 'NO_STATEMENT_EXIST');
    const plain = Buffer.from(text);
    const token = this.book.token(`bill ${what} ${date} ${gzip}`);
    this.files.set(token, gzip ? gzipSync(plain) : plain);
    return reply({
      hash_type: 'SHA1',
      hash_value: createHash('sha1').update(plain).digest('hex'),
      download_url: `${base}/v3/billdownload/file?token=${token}`,
    });
  }
}
