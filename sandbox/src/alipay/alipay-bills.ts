import type { Reply } from '../bank/order-answer';
import type { AlipayBook } from './alipay-book';
import { billOfDate, flowOfDate } from './alipay-statement';
import { done, refused } from './alipay-words';

/** A bill in two steps: where it lies, signed; then the file itself, unsigned. */
export class AlipayBills {
  private readonly files = new Map<string, Buffer>();

  constructor(
    private readonly book: AlipayBook,
    private readonly account: string,
    private readonly url: string,
  ) {}

  /** Alipay says the same of a day that is not over and of one without business. */
  offer(type: 'trade' | 'signcustomer', date: string): Reply {
    const make = type === 'trade' ? billOfDate : flowOfDate;
    const content = date < this.book.date ? make(this.book, this.account, date) : null;
    if (content === null) return refused('isp.bill_not_exist');
    const token = this.book.token(`bill ${type} ${date}`);
    this.files.set(token, content);
    return done({ bill_download_url: `${this.url}/bill?token=${token}` });
  }

  file(token: string): Buffer | undefined {
    return this.files.get(token);
  }
}
