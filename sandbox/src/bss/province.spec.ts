import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NdjsonLog } from '../journal/ndjson-log';
import { masked, Province } from './province';
import { ProvinceBook } from './province-book';

const NUMBER = '13917100010';

describe('a played province', () => {
  let dir: string;
  let province: Province;
  let now: Date;
  let serial = 0;
  const open = () => new Province('430000', new ProvinceBook(new NdjsonLog(join(dir, 'province.ndjson'))), () => now);
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'province-'));
    now = new Date('2026-11-23T04:00:00Z');
    province = open();
    province.open([{ number: NUMBER, name: '王秀兰', status: 'active', balance: '1000' }]);
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const credit = (amount: number, over: object = {}) => {
    const reference = `2611230000000000${String((serial += 1)).padStart(4, '0')}`;
    const request = { reference, number: NUMBER, owner: '王*兰', amount, currency: 'CNY' as const, ...over };
    return { reference, reply: province.credit(request), again: () => province.credit(request) };
  };
  const reverse = (reference: string, of: string, amount: number, purpose: 'refund' | 'correction' = 'refund') =>
    province.reverse({ reference, credit: of, amount, currency: 'CNY', purpose });
  const balance = () => province.book.accounts.get(NUMBER)?.balance;

  test('one reference has one effect, across restarts too; another sum under it is refused', () => {
    const { reference, reply, again } = credit(5000);
    expect(reply.body).toMatchObject({
      reference,
      status: 'credited',
      amount: 5000,
      balance: 6000,
      date: '2026-11-23',
    });
    expect(again().body).toEqual(reply.body);
    province = open();
    expect(again().body).toEqual(reply.body);
    expect(credit(5100, { reference }).reply).toMatchObject({ status: 409, body: { code: 'reference_conflict' } });
    expect(balance()).toBe('6000');
  });

  const table: [fen: number, delivery: string, told: string | undefined, asked: string, effect: boolean][] = [
    [11, 'answer', 'refused', 'refused', false],
    [12, 'hang', undefined, 'credited', true],
    [13, 'hang', undefined, 'not_found', false],
    [14, 'error', undefined, 'not_found', false],
    [15, 'error', undefined, 'credited', true],
    [16, 'answer', 'credited', 'credited', true],
    [18, 'answer', 'credited', 'credited', true],
    [19, 'cut', undefined, 'credited', true],
  ];
  test.each(table)('%i fen: %s, told %s, asked %s', (fen, delivery, told, asked, effect) => {
    const { reference, reply } = credit(5000 + fen);
    expect(reply.delivery).toBe(delivery);
    expect((reply.body as { status?: string }).status).toBe(told);
    expect(province.query(reference).body).toMatchObject({ status: asked });
    expect(balance()).toBe(effect ? String(6000 + fen) : '1000');
    if (fen === 16) expect(reply.body).toMatchObject({ amount: 5116 });
  });

  test('what it pretended never to have got is done when it comes again', () => {
    const { reference, again } = credit(5013);
    expect(again().body).toMatchObject({ status: 'credited' });
    expect(province.query(reference).body).toMatchObject({ status: 'credited', amount: 5013 });
    expect(balance()).toBe('6013');
  });

  test('pending reaches its effect when its time has come', () => {
    const { reference, reply } = credit(5017);
    expect(reply.body).toMatchObject({ status: 'pending' });
    expect(balance()).toBe('1000');
    now = new Date(now.getTime() + 20_000);
    expect(province.query(reference).body).toMatchObject({ status: 'credited' });
    expect(balance()).toBe('6017');
  });

  test('it refuses whom it does not know, who is gone, and who is somebody else', () => {
    expect(credit(5000, { number: '13900000000' }).reply.body).toMatchObject({
      status: 'refused',
      reason: 'number_unknown',
    });
    expect(credit(5000, { owner: '李*' }).reply.body).toMatchObject({ status: 'refused', reason: 'owner_changed' });
    province.open([{ number: '13917100011', name: '李明', status: 'closed', balance: '0' }]);
    expect(credit(5000, { number: '13917100011', owner: '李*' }).reply.body).toMatchObject({ reason: 'number_closed' });
    expect(masked('欧阳小明')).toBe('欧**明');
  });

  test('takebacks: never more than the credit, nor than the balance, unless it is a correction; undone once', () => {
    const { reference } = credit(5000);
    expect(reverse('R1', reference, 2000).body).toMatchObject({ status: 'reversed', amount: 2000, balance: 4000 });
    expect(reverse('R2', reference, 3001).body).toMatchObject({ status: 'refused', reason: 'exceeds_credit' });
    expect(province.cancel('R1').body).toMatchObject({ status: 'cancelled', balance: 6000 });
    expect(province.cancel('R1').body).toMatchObject({ status: 'cancelled', balance: 6000 });
    expect(province.cancel('R9').body).toEqual({ reference: 'R9', status: 'not_found' });
    province.book.put({ t: 'account', account: { number: NUMBER, name: '王秀兰', status: 'active', balance: '100' } });
    expect(reverse('R3', reference, 5000).body).toMatchObject({ status: 'refused', reason: 'balance_used' });
    expect(reverse('R4', reference, 5000, 'correction').body).toMatchObject({ status: 'reversed', balance: -4900 });
    expect(reverse('R5', 'nothing', 1).body).toMatchObject({ status: 'refused', reason: 'credit_unknown' });
  });

  test('a wish for the next order of a number comes before the fen', () => {
    province.book.put({ t: 'rules', rules: [{ id: 'x', behaviour: 'silent_until_file', number: NUMBER, times: 1 }] });
    const { reference, reply } = credit(5000);
    expect(reply.delivery).toBe('cut');
    expect(province.query(reference).delivery).toBe('cut');
    expect(credit(5000).reply.body).toMatchObject({ status: 'credited' });
  });

  test('its file of a date: not before the date is over, what it did, and what was put into it', () => {
    expect(province.file('2026-11-22')).toBeNull();
    const { reference } = credit(5000);
    reverse('R1', reference, 2000);
    province.cancel('R1');
    expect(province.file('2026-11-23')).toBe('not_ready');
    province.book.put({ t: 'closed', date: '2026-11-23' });
    expect(province.date).toBe('2026-11-24');
    const at = '2026-11-23T04:00:00.000Z';
    expect(province.file('2026-11-23')).toEqual({
      text: [
        'H|YC1|430000|2026-11-23|CNY',
        `D|1|CREDIT|${reference}|HN2026112300000001|5000|${at}|DONE`,
        `D|2|REVERSAL|R1|HN2026112300000002|-2000|${at}|DONE`,
        `D|3|CANCEL|R1|HN2026112300000003|2000|${at}|DONE`,
        'T|3|5000\n',
      ].join('\n'),
    });
    const damages = [
      { how: 'omit' as const, reference: 'R1' },
      { how: 'amount' as const, reference, by: '100' },
      { how: 'extra' as const, reference: '26112399999999999999', amount: '700' },
      { how: 'bad_line' as const, text: 'D|x' },
    ];
    province.book.put({ t: 'damage', date: '2026-11-23', damages });
    const file = province.file('2026-11-23');
    expect(file).toMatchObject({ text: expect.stringContaining(`${reference}|HN2026112300000001|5100`) });
    expect(file).toMatchObject({
      text: expect.stringMatching(/26112399999999999999\|HN0\|700\|.*\nD\|x\nT\|2\|5800\n$/),
    });
    province.book.put({ t: 'withheld', date: '2026-11-23', withheld: true });
    expect(province.file('2026-11-23')).toBe('not_ready');
  });
});
