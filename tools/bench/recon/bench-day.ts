import { contractFee, DAY, PROVIDER, type History } from '../../../apps/reconciliation/src/matching/histories';
import { CLEAN, DAMAGE, write } from '../../../apps/reconciliation/src/matching/histories.cases';
import { hashOf } from '../../../apps/reconciliation/src/matching/identity';
import type { BookService, Fact } from '../../../apps/reconciliation/src/books/fact';
import type { StatementLine } from '../../../apps/reconciliation/src/statements/statement';
import { anyOrder } from './any-order';

/** Facts of one page of a source, and of one text. */
const PAGE = 10_000;
const LANES = 2;
/** The histories with something in them have lanes of their own. */
export const SPECIAL_LANE = 9;
/** One history in so many has something in it. */
const ONE_IN = 1_000;

const FACES = [1_000n, 2_000n, 3_000n, 5_000n, 10_000n, 20_000n, 50_000n];
const CHANNELS = ['portal', 'sms', 'partner_api', 'app', 'counter', 'auto_topup'];
const BRANCHES = Array.from({ length: 31 }, (_, n) => String(110_000 + n * 10_000));

/**
 * A provider's day: as many lines as wanted, most of them plain, and histories of every class of difference and of everything
 * that only looks like one, spread evenly through the file. What must be found is known by its writing.
 */
export class BenchDay {
  readonly special: History;
  readonly plain: number;
  private readonly specialAt: (place: number) => number;

  constructor(readonly lines: number) {
    const once = Object.keys(CLEAN).filter((name) => !NEEDS_A_PAST.includes(name));
    const names = [...Object.keys(DAMAGE), ...once];
    const histories = Math.max(names.length, Math.floor(lines / ONE_IN));
    this.special = write(
      Array.from({ length: histories }, (_, n) => [
        names[n % names.length] as string,
        BigInt(500 + ((n * 37) % 90_000)),
      ]),
    );
    this.plain = lines - this.special.lines.length;
    const step = Math.floor(lines / this.special.lines.length);
    const last = this.special.lines.length * step;
    this.specialAt = (place) => (place < last && place % step === step - 1 ? Math.floor(place / step) : -1);
  }

  get injected(): readonly { class: string; key: string }[] {
    return this.special.expected;
  }

  /** The provider's file, in pieces of about a megabyte. */
  *statement(shuffled: boolean): Generator<Buffer> {
    const order = shuffled ? anyOrder(this.lines) : (place: number) => place;
    let text = `H|YD1|${PROVIDER}|${DAY}|CNY\n`;
    let [sum, fees] = [0n, 0n];
    for (let place = 0; place < this.lines; place++) {
      const line = this.lineAt(order(place));
      sum += line.amount;
      fees += line.fee;
      text += `D|${place + 1}|${line.text}\n`;
      if (text.length > 1_000_000) {
        yield Buffer.from(text);
        text = '';
      }
    }
    yield Buffer.from(`${text}T|${this.lines}|${sum}|${fees}\n`);
  }

  /** The facts of a source as it gives them, page by page; lanes by turns. */
  *facts(service: BookService): Generator<Buffer> {
    const heads = Array.from({ length: LANES }, () => 0);
    for (let from = 0; from < this.plain; from += PAGE) {
      const lane = Math.floor(from / PAGE) % LANES;
      let text = '';
      for (let n = from; n < Math.min(this.plain, from + PAGE); n++)
        text += factLine(service, lane + 1, ++(heads[lane] as number), n);
      yield Buffer.from(text);
    }
    yield* this.specialFacts(service);
  }

  /** Those of the histories with something in them. */
  *specialFacts(service: BookService): Generator<Buffer> {
    let seq = 0;
    const own = this.special.facts.filter((fact) => fact.service === service);
    yield Buffer.from(own.map((fact) => specialLine(fact, ++seq)).join(''));
  }

  private lineAt(place: number): { text: string; amount: bigint; fee: bigint } {
    const special = this.specialAt(place);
    if (special >= 0) return written(this.special.lines[special] as StatementLine);
    const before = Math.min(
      Math.floor((place + 1) / Math.floor(this.lines / this.special.lines.length)),
      this.special.lines.length,
    );
    return plainLine(place - before);
  }
}

/** They are only right after a night of the date before. */
const NEEDS_A_PAST = ['refund_of_yesterdays', 'told_late_about_yesterday', 'in_their_next_file'];

const numberOf = (n: number): string => `261122${10_000_000_000_000 + n}`;
const txnOf = (n: number): string => `2026112200${1_000_000_000 + n}`;

function amountOf(n: number): bigint {
  const hash = Math.imul(n + 1, 0x9e3779b1) >>> 0;
  return hash % 7 === 0 ? BigInt(100 + (hash % 30_011)) : (FACES[hash % FACES.length] as bigint);
}

function plainLine(n: number): { text: string; amount: bigint; fee: bigint } {
  const amount = amountOf(n);
  const fee = contractFee(amount);
  const second = n % 86_400;
  const two = (value: number) => String(value).padStart(2, '0');
  const time = `${two(Math.floor(second / 3_600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
  const text = `PAY|${numberOf(n)}01|${txnOf(n)}||${amount}|${fee}|CNY|${DAY}T${time}+08:00|SUCCESS`;
  return { text, amount, fee };
}

function written(line: StatementLine): { text: string; amount: bigint; fee: bigint } {
  const { kind, ourRef, txnId, origTxnId, amount, fee, currency, at } = line;
  const word = { payment: 'PAY', refund: 'REFUND', reversal: 'REVERSAL' }[kind];
  return { text: [word, ourRef, txnId, origTxnId, amount, fee, currency, at, 'SUCCESS'].join('|'), amount, fee };
}

function factLine(service: BookService, lane: number, seq: number, n: number): string {
  const no = numberOf(n);
  const what = service === 'gateway' ? `paid\t${no}\t${no}01\t${txnOf(n)}` : `credited\t${no}\t\t`;
  const branches = `${BRANCHES[n % 31]}\t${BRANCHES[(n * 7) % 31]}`;
  const channel = CHANNELS[n % CHANNELS.length] as string;
  const partner = channel === 'partner_api' ? `partner_${n % 40}` : '';
  return `${lane}\t${seq}\t${PROVIDER}\t${DAY}\t\\N\t${what}\t${amountOf(n)}\tCNY\t${branches}\t${channel}\t${partner}\t${DAY} 04:00:00.000\n`;
}

function specialLine(fact: Fact, seq: number): string {
  const { provider, bookDate, kind, paymentNo, refNo, providerTxnId, amount, currency } = fact;
  const place = [fact.branch, fact.acquiringBranch, fact.channel, fact.partner, `${DAY} 04:00:00.000`];
  return `${[SPECIAL_LANE, seq, provider, bookDate, '\\N', kind, paymentNo, refNo, providerTxnId, amount, currency, ...place].join('\t')}\n`;
}

/** Names the inputs of a book of this day. */
export const bookInputs = (day: BenchDay, service: BookService): string => hashOf('bench', service, String(day.lines));
