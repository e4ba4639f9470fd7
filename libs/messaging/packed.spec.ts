import { topupsPost, type ItemsReply, type NumberAnswer, type TopupAnswer, type TopupItem } from '@yidian/contracts';
import { answeredMessage, answeredText, askedMessage, askedText, LAYOUT } from './packed';
import { POST_COLUMNS } from './packed-topups';

const CREDIT: TopupItem = {
  key: '26112900000000000001',
  subscriberId: 's1',
  ownerVersion: 3,
  branch: '420000',
  provider: 'bank_a',
  channel: 'partner_api',
  partner: 'acme',
  acquiringBranch: '440000',
  face: '5000',
  charged: '4900',
  currency: 'CNY',
  providerTxnId: 'T"\\\n,[王]',
  businessDate: '2026-11-29',
  ttlMs: 4_000,
};

const CREDITS: TopupItem[] = [
  CREDIT,
  { ...CREDIT, businessDate: null },
  { ...CREDIT, discounts: [{ bearer: 'hq', amount: '100' }] },
  { ...CREDIT, discounts: [] },
  { ...CREDIT, partner: '', providerTxnId: '' },
];

const ANSWER: TopupAnswer = { key: '26112900000000000001', outcome: 'credited', replay: false };
const ANSWERS: TopupAnswer[] = [
  { ...ANSWER, balanceAfter: '5000', at: '2026-11-29T01:02:03.004Z' },
  { ...ANSWER, balanceAfter: '5000', at: '2026-11-29T01:02:03.004Z', bonus: '10', bonusBearer: 'home' },
  { ...ANSWER, outcome: 'rejected', reason: 'number_closed', replay: true, at: '2026-11-29T01:02:03.004Z' },
  { ...ANSWER, outcome: 'rejected', reason: '', balanceAfter: '-5' },
  { ...ANSWER, outcome: 'busy' },
  { ...ANSWER, outcome: 'credited', balanceAfter: '0' },
];

const FOUND: NonNullable<NumberAnswer['found']> = {
  subscriberId: 's1',
  branch: { code: '420000', nameZh: '湖北', nameEn: 'Hubei' },
  status: 'active',
  plan: 'prepaid',
  owner: '王*兰',
  ownerVersion: 1,
  balance: null,
  amountDue: null,
  accepts: { min: '100', max: '50000', step: '1' },
  maintenance: false,
};
const NUMBERS: NumberAnswer[] = [
  { msisdn: '13800000001', found: FOUND },
  { msisdn: '13800000002', found: { ...FOUND, balance: '1', amountDue: '2', plan: 'postpaid', maintenance: true } },
  { msisdn: '13800000003', found: { ...FOUND, status: 'suspended', suspendReason: 'loss', bonus: '7' } },
  { msisdn: '13800000004', found: { ...FOUND, branch: { code: '440000', nameZh: '广东', nameEn: 'Guangdong' } } },
  { msisdn: '13800000005', found: { ...FOUND, branch: { code: '420000', nameZh: '鄂', nameEn: 'Hubei' } } },
  { msisdn: '13800000006', found: { ...FOUND, offers: [] } },
  { msisdn: '13800000007', portedOut: true },
  { msisdn: '13800000008' },
];

const plain = (message: unknown): unknown => JSON.parse(JSON.stringify(message));
/** Every list of one, of two neighbours, and of all. */
const lists = <I>(all: I[]): I[][] => [
  [],
  all,
  ...all.map((one) => [one]),
  ...all.map((one, n) => [one, all[n - 1] ?? one]),
];

describe('packed messages say what their JSON says', () => {
  test('credits', () => {
    for (const items of lists(CREDITS)) {
      const text = askedText('topups.post', { items });
      expect(text.packed).toBe(true);
      expect(plain(askedMessage('topups.post', text))).toEqual(plain({ items }));
    }
  });

  test('answers to credits, to the letter', () => {
    for (const items of lists(ANSWERS)) {
      const reply: ItemsReply<TopupAnswer> = { items, queueAgeMs: 12 };
      const text = answeredText('topups.post', reply);
      expect(text.packed).toBe(true);
      expect(answeredMessage('topups.post', text)).toStrictEqual(plain(reply));
    }
  });

  test('look-ups, to the letter, packed only when each asks who holds a number and no more', () => {
    const brief = { msisdn: '13800000001', brief: true };
    for (const items of lists([
      brief,
      { msisdn: '13800000002' },
      { ...brief, live: true },
      { ...brief, brief: false },
    ])) {
      const text = askedText('numbers.lookup', { items });
      expect(text.packed).toBe(items.every((item) => item === brief));
      expect(askedMessage('numbers.lookup', text)).toStrictEqual({ items });
    }
  });

  test('numbers, to the letter', () => {
    for (const items of lists(NUMBERS)) {
      const reply: ItemsReply<NumberAnswer> = { items, queueAgeMs: 0 };
      const text = answeredText('numbers.lookup', reply);
      expect(text.packed).toBe(true);
      expect(answeredMessage('numbers.lookup', text)).toStrictEqual(plain(reply));
    }
  });

  test('everything else is JSON as it stands', () => {
    for (const message of [{ items: [1] }, { date: '2026-11-29' }, [], null, 'text', { items: 'none' }]) {
      const text = askedText('books.pull', message);
      expect(text).toEqual({ packed: false, text: JSON.stringify(message) });
      expect(askedMessage('books.pull', text)).toEqual(message);
    }
    expect(askedText('topups.post', { items: 'none' }).packed).toBe(false);
    expect(answeredText('topups.post', null)).toEqual({ packed: false, text: 'null' });
  });
});

describe('packed messages of another form', () => {
  test.each([
    ['topups.post', '{"items":[]}'],
    ['topups.post', '["a"]'],
    ['topups.post', '[1,2'],
    ['books.pull', '[]'],
  ])('asked %s %s', (pattern, text) => {
    expect(() => askedMessage(pattern, { packed: true, text })).toThrow();
  });

  test.each([
    ['topups.post', '[]'],
    ['topups.post', '[0,"key"]'],
    ['numbers.lookup', '[0]'],
    ['numbers.lookup', '[0,[],"13800000001"]'],
    ['numbers.lookup', '[0,{}]'],
    ['books.pull', '[]'],
  ])('answered %s %s', (pattern, text) => {
    expect(() => answeredMessage(pattern, { packed: true, text })).toThrow();
  });
});

test('a member that the contract gets has its place, or the two would drift apart', () => {
  expect([...POST_COLUMNS].sort()).toEqual(Object.keys(topupsPost.shape.items.element.shape).sort());
});

test('the layout is a name of sixteen digits, and it is of these columns', () => {
  expect(LAYOUT).toMatch(/^[0-9a-f]{16}$/);
});
