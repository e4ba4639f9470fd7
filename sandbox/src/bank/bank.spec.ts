import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NdjsonLog } from '../journal/ndjson-log';
import { Bank } from './bank';
import { BankBook } from './bank-book';
import { answerStatement } from './statement-source';

const DAY = '2026-11-22';
const sent: { type: string; copies: number; forged: boolean; data: object }[] = [];
const callbacks = {
  send: (event: { type: string; data: object }, copies: number) =>
    sent.push({ type: event.type, data: event.data, copies, forged: false }),
  sendForged: (event: { type: string; data: object }) =>
    sent.push({ type: event.type, data: event.data, copies: 1, forged: true }),
};

let dir: string;
let bank: Bank;
let agreementRef: string;
let counter = 0;

const openBank = () =>
  new Bank('bank_a', new BankBook(new NdjsonLog(join(dir, 'bank.ndjson')), DAY), callbacks, 'http://b');
const attempt = () => `2611221200000000${String((counter += 1)).padStart(6, '0')}`;
const debit = (amount: number, attempt_no = attempt()) => ({
  attempt_no,
  reply: bank.debits.take({ attempt_no, agreement_ref: agreementRef, amount, currency: 'CNY' }),
});
const query = (attemptNo: string) => bank.debits.query(attemptNo);

beforeEach(() => {
  jest.useFakeTimers();
  dir = mkdtempSync(join(tmpdir(), 'bank-'));
  sent.length = 0;
  bank = openBank();
  bank.agreements.open({
    agreement_no: 'agr1',
    number_masked: '138****1234',
    blind: 'x',
    return_url: 'http://r',
    limits: {},
  });
  const agreement = bank.book.agreements.get('agr1');
  if (agreement) bank.agreements.answer(agreement, true);
  agreementRef = agreement?.agreementRef ?? '';
  sent.length = 0;
});
afterEach(() => {
  bank.settler.stop();
  jest.useRealTimers();
  rmSync(dir, { recursive: true });
});

describe('outcomes chosen by the fen of the amount', () => {
  const table: [fen: number, delivery: string, told: string | undefined, asked: string | undefined, later: string][] = [
    [0, 'answer', 'succeeded', 'succeeded', 'succeeded'],
    [1, 'answer', 'declined', 'declined', 'declined'],
    [2, 'answer', 'declined', 'declined', 'declined'],
    [3, 'hang', undefined, 'succeeded', 'succeeded'],
    [4, 'hang', undefined, 'not_found', 'not_found'],
    [5, 'answer', 'pending', 'pending', 'succeeded'],
    [6, 'hang', undefined, 'not_found', 'succeeded'],
    [7, 'answer', 'succeeded', 'succeeded', 'succeeded'],
    [8, 'answer', 'pending', 'pending', 'declined'],
    [9, 'answer', 'pending', 'pending', 'succeeded'],
  ];
  it.each(table)('…%i: %s, says %s, asked at once %s, in the end %s', (fen, delivery, told, asked, later) => {
    const { attempt_no, reply } = debit(5000 + fen);
    expect(reply.delivery).toBe(delivery);
    if (told !== undefined) expect(reply.body).toMatchObject({ attempt_no, status: told });
    expect(query(attempt_no).body).toMatchObject({ attempt_no, status: asked });
    jest.advanceTimersByTime(60_000);
    expect(query(attempt_no).body).toMatchObject({ attempt_no, status: later });
  });

  it('…01 and …02 say why', () => {
    expect(debit(5001).reply.body).toMatchObject({ reason: 'insufficient_funds' });
    expect(debit(5002).reply.body).toMatchObject({ reason: 'limit' });
  });
  it('…05 calls back twice under one event, …06 and …09 once, …08 with a forged success and then the truth', () => {
    const told = (amount: number) => {
      sent.length = 0;
      debit(amount);
      jest.advanceTimersByTime(60_000);
      return sent.map(({ type, copies, forged }) => [type, copies, forged]);
    };
    expect(told(5005)).toEqual([['debit.succeeded', 2, false]]);
    expect(told(5006)).toEqual([['debit.succeeded', 1, false]]);
    expect(told(5009)).toEqual([['debit.succeeded', 1, false]]);
    expect(told(5008)).toEqual([
      ['debit.succeeded', 1, true],
      ['debit.declined', 1, false],
    ]);
  });
  it('…07 repeats another amount, and the right one when asked', () => {
    const { attempt_no, reply } = debit(5007);
    expect(reply.body).toMatchObject({ amount: 5107 });
    expect(query(attempt_no).body).toMatchObject({ amount: 5007 });
  });
});

describe('an attempt number', () => {
  it('is one order: a repeat hears the same and takes nothing', () => {
    const { attempt_no, reply } = debit(5000);
    expect(debit(5000, attempt_no).reply).toEqual(reply);
    expect(bank.book.orders.size).toBe(1);
  });
  it('with another amount is refused', () => {
    const { attempt_no } = debit(5000);
    expect(debit(6000, attempt_no).reply).toMatchObject({ status: 409, body: { code: 'order_conflict' } });
  });
  it('that the bank never saw through is an order when it comes again', () => {
    const { attempt_no } = debit(5004);
    expect(debit(5004, attempt_no).reply.body).toMatchObject({ status: 'succeeded' });
  });
  it('is remembered by a bank that was killed, and pending ones still settle', () => {
    const done = debit(5000);
    const pending = debit(5009);
    bank.settler.stop();
    bank = openBank();
    expect(query(done.attempt_no).body).toEqual(done.reply.body);
    jest.advanceTimersByTime(20_000);
    expect(query(pending.attempt_no).body).toMatchObject({ status: 'succeeded' });
    const ids = [...bank.book.orders.values()].map((order) => order.txnId);
    debit(5000);
    expect(ids).not.toContain([...bank.book.orders.values()].at(-1)?.txnId);
  });
  it('under no agreement is declined', () => {
    const body = { attempt_no: attempt(), agreement_ref: 'nobody', amount: 5000, currency: 'CNY' as const };
    expect(bank.debits.take(body).body).toMatchObject({ status: 'declined', reason: 'agreement_ended' });
  });
});

it('a wish comes before the fen, for as many orders as it says', () => {
  bank.wish({ id: 'w', behaviour: 'silent_until_statement', agreementRef, amount: '5000', times: 1 });
  expect(debit(6000).reply.delivery).toBe('answer');
  const { attempt_no, reply } = debit(5000);
  expect(reply.delivery).toBe('cut');
  for (let i = 0; i < 5; i += 1) expect(query(attempt_no).delivery).toBe('cut');
  expect(debit(5000, attempt_no).reply.delivery).toBe('cut');
  expect(debit(5000).reply.delivery).toBe('answer');
});

describe('refunds', () => {
  const refund = (refund_no: string, attempt_no: string, amount: number, kind: 'refund' | 'reversal' = 'refund') =>
    bank.refunds.give({ refund_no, attempt_no, amount, currency: 'CNY', kind });

  it('never give more in sum than was taken, and one number gives once', () => {
    const { attempt_no } = debit(5000);
    expect(refund('r1', attempt_no, 2000).body).toMatchObject({ status: 'succeeded' });
    expect(refund('r1', attempt_no, 2000).body).toMatchObject({ status: 'succeeded' });
    expect(refund('r2', attempt_no, 3001).body).toMatchObject({ status: 'failed', reason: 'amount_exceeded' });
    expect(refund('r3', attempt_no, 3000).body).toMatchObject({ status: 'succeeded' });
  });
  it('are reversals only within the accounting day', () => {
    const { attempt_no } = debit(5000);
    bank.cut(DAY);
    expect(refund('v1', attempt_no, 5000, 'reversal').body).toMatchObject({
      status: 'failed',
      reason: 'window_closed',
    });
    expect(refund('r1', attempt_no, 5000).body).toMatchObject({ status: 'succeeded', business_date: '2026-11-23' });
  });
});

describe('cashier', () => {
  const open = (amount: number) => {
    const attempt_no = attempt();
    bank.cashiers.open({ attempt_no, amount, currency: 'CNY', expires_in: 900, return_url: 'http://r' });
    const token = bank.book.orders.get(attempt_no)?.cashier?.token ?? '';
    const pay = () => {
      const order = bank.cashiers.find(token);
      return order !== undefined && bank.cashiers.answer(order, true);
    };
    return { attempt_no, pay };
  };
  it('pays once on the page and calls back', () => {
    const { attempt_no, pay } = open(5000);
    expect(query(attempt_no).body).toMatchObject({ status: 'pending' });
    expect([pay(), pay()]).toEqual([true, false]);
    expect(query(attempt_no).body).toMatchObject({ status: 'succeeded' });
    expect(sent).toHaveLength(1);
  });
  it('cannot be paid once closed, except by a late payer (…06)', () => {
    const closed = open(5000);
    expect(bank.cashiers.close(closed.attempt_no).body).toMatchObject({ status: 'closed' });
    expect(closed.pay()).toBe(false);
    const late = open(5006);
    expect(bank.cashiers.close(late.attempt_no).body).toMatchObject({ status: 'closed' });
    jest.advanceTimersByTime(10_000);
    expect(query(late.attempt_no).body).toMatchObject({ status: 'succeeded' });
  });
});

describe('statement', () => {
  it('is ready after the cut, lists what was taken and given back, and adds up', () => {
    const one = debit(5000);
    debit(5001);
    const two = debit(3004);
    const three = debit(10_000);
    bank.refunds.give({ refund_no: 'r1', attempt_no: one.attempt_no, amount: 2000, currency: 'CNY', kind: 'refund' });
    expect(answerStatement(bank, DAY)).toEqual({ status: 404, code: 'not_ready' });
    bank.cut(DAY);
    bank.cut(DAY);
    expect(bank.date).toBe('2026-11-23');
    const answer = answerStatement(bank, DAY);
    const lines = answer.status === 200 ? answer.text.trimEnd().split('\n') : [];
    expect(lines[0]).toBe('H|YD1|bank_a|2026-11-22|CNY');
    expect(lines.at(-1)).toBe('T|3|13000|90');
    const fields = lines.slice(1, -1).map((line) => line.split('|'));
    expect(fields.map((f) => [f[2], f[3], f[6], f[7]])).toEqual([
      ['PAY', one.attempt_no, '5000', '30'],
      ['PAY', three.attempt_no, '10000', '60'],
      ['REFUND', 'r1', '-2000', '0'],
    ]);
    expect(lines.join('\n')).not.toContain(two.attempt_no);
    bank.cut('2026-11-23');
    expect(answerStatement(bank, '2026-11-23')).toEqual({ status: 404, code: 'none_today' });
  });

  it('carries exactly the damage asked for, with totals of what is printed', () => {
    const orders = [debit(5000), debit(6000), debit(7000), debit(8000)].map((o) => bank.book.orders.get(o.attempt_no));
    const [a = '', b = '', c = '', d = ''] = orders.map((order) => order?.txnId);
    bank.damage(DAY, [
      { how: 'omit', txnId: a },
      { how: 'fee', txnId: b, by: '1' },
      { how: 'amount', txnId: c, by: '-100' },
      { how: 'repeat', txnId: d },
      { how: 'extra', ourNo: '', txnId: 'X1', amount: '900', at: '2026-11-22T12:00:00.000Z' },
    ]);
    bank.cut(DAY);
    const text = bank.statement(DAY) ?? '';
    expect(text).not.toContain(a);
    expect(text.match(new RegExp(d, 'g'))).toHaveLength(2);
    expect(text).toContain(`${b}||6000|37|`);
    expect(text.trimEnd().split('\n').at(-1)).toBe(`T|5|${6000 + 6900 + 8000 + 8000 + 900}|${37 + 42 + 48 + 48}`);
    expect(bank.statement(DAY)).toBe(text);
  });
});
