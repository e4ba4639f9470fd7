import { isSurelyCredit, topupsPost, type TopupItem } from '@yidian/contracts';
import type { Ledger } from '@yidian/ledger';
import { Unpacked } from '@yidian/messaging';
import { Frames } from './frames';

const CREDIT: TopupItem = {
  key: '26112900000000000001',
  subscriberId: 's1',
  branch: '420000',
  provider: 'bank_a',
  channel: 'partner_api',
  partner: 'acme',
  acquiringBranch: '440000',
  face: '5000',
  charged: '5000',
  currency: 'CNY',
  providerTxnId: 'T1',
  businessDate: '2026-11-29',
  ttlMs: 4_000,
};
const DISCOUNTED = { ...CREDIT, charged: '4900', discounts: [{ bearer: 'hq', amount: '100' }] };

const frames = new Frames({ queueAgeMs: () => 0 } as Ledger);
const asked = jest.spyOn(topupsPost, 'safeParse');
beforeEach(() => asked.mockClear());

const answered = (request: unknown) =>
  frames.items(topupsPost, request, async (items) => items, isSurelyCredit).then(({ items }) => items);

test('a packed frame of sure credits goes to work as it is, without the schema', async () => {
  const request = new Unpacked([CREDIT, { ...CREDIT }]);
  expect(await answered(request)).toEqual([CREDIT, CREDIT]);
  expect(asked).not.toHaveBeenCalled();
});

test('one that is not sure sends the whole frame through the schema', async () => {
  expect(await answered(new Unpacked([CREDIT, DISCOUNTED]))).toEqual([CREDIT, DISCOUNTED]);
  expect(asked).toHaveBeenCalledTimes(1);
});

test('what came by name goes through the schema, which leaves out what it does not know', async () => {
  expect(await answered({ items: [{ ...CREDIT, more: 1 }] })).toEqual([CREDIT]);
});

test.each([
  { name: 'a wrong value', request: new Unpacked([CREDIT, { ...CREDIT, face: 5000 }]), told: 'items.1.face' },
  { name: 'no item', request: new Unpacked([]), told: 'items' },
  { name: 'too many items', request: new Unpacked(Array<TopupItem>(257).fill(CREDIT)), told: 'items' },
  { name: 'an item that is none', request: new Unpacked([null]), told: 'items.0' },
])('refused like any other request: $name', async ({ request, told }) => {
  await expect(answered(request)).rejects.toMatchObject({
    error: { status: 'error', code: 'field_invalid', message: expect.stringContaining(told) },
  });
});
