import { standAloneIds } from '@yidian/contracts';
import type { ItemRow } from '../statements/statement-rows.store';
import { namedFindings, withNamed } from './named-findings';
import { decideNamed } from './named-table';

const [BANK, DATE] = ['bank_a', '2026-11-22'];
const row = (n: number, given: Partial<ItemRow> = {}): ItemRow => ({
  ...{ provider: BANK, date: DATE, version: 1, n, line: n + 1, kind: 'other', ourRef: '', txnId: `T${n}` },
  ...{ origTxnId: '', amount: 700n, fee: 0n, currency: 'CNY', at: `${DATE}T04:00:00.000Z`, state: 'success' },
  raw: `raw ${n}`,
  ...given,
});
const judged = (rows: readonly ItemRow[], waits: Record<string, number> = {}) =>
  namedFindings(BANK, DATE, rows, { waits, feeTolerance: 5n });

/** The table written out a second time: kind, what it moves, class, row, wait, default, by rule. */
const ROWS: [kind: ItemRow['kind'], net: bigint, cls: string, row: string, wait: number, auto: string, to: string][] = [
  ['fee', -5n, 'fee_mismatch', 'V6', 0, 'yes', 'accept'],
  ['fee', -6n, 'fee_mismatch', 'V6', 0, 'no', 'claim_provider'],
  ['fee', 3n, 'fee_mismatch', 'V6', 0, 'yes', 'accept'],
  ['return', 700n, 'platform_missing', '13', 1, 'no', 'claim_provider'],
  ['return', -700n, 'refund_without_payment', 'R9', 1, 'no', 'claim_provider'],
  ['other', 40n, 'platform_missing', '13', 1, 'no', 'claim_provider'],
  ['other', -40n, 'refund_without_payment', 'R9', 1, 'no', 'claim_provider'],
];

describe('lines that belong to no payment', () => {
  test.each(ROWS)('%s of %s is %s (row %s), waits %i dates, by rule: %s, default %s', (kind, net, ...expected) => {
    const verdict = decideNamed({ kind, net, currency: 'CNY', state: 'success', feeTolerance: 5n });
    expect([verdict?.class, verdict?.row, verdict?.wait, verdict?.auto, verdict?.suggested]).toEqual(expected);
    if (verdict?.auto === 'no' && kind !== 'fee') expect(verdict.steps).toEqual([]);
  });

  test('a payout, a notice and nothing are no differences; another currency is people’s always', () => {
    const silent = [row(1, { kind: 'payout' }), row(2, { state: 'notice' }), row(3, { amount: 7n, fee: 7n })];
    expect(judged(silent)).toEqual([]);
    const [foreign] = judged([row(4, { currency: 'USD' })]);
    expect(foreign).toMatchObject({ class: 'currency_mismatch', itemId: null, auto: false });
  });

  test('each is the suspense item that settlement makes of it, twins too, wherever they stand', () => {
    const twins = [
      row(1, { kind: 'fee', amount: -100n, txnId: 'F' }),
      row(2, { kind: 'fee', amount: -100n, txnId: 'F' }),
    ];
    const lines = [...twins, row(3, { kind: 'return', amount: 707n, fee: 7n, origTxnId: 'P9' })];
    const items = lines.map(({ kind, ourRef, txnId: providerTxnId, origTxnId, amount, fee, currency, state }) => ({
      ...{ kind, ourRef, providerTxnId, origTxnId, amount: `${amount}`, fee: `${fee}`, currency, state },
    }));
    const found = judged(lines);
    expect(found.map(({ itemId }) => itemId).sort()).toEqual(standAloneIds(BANK, DATE, items).sort());
    expect(new Set(found.map(({ id }) => id)).size).toBe(3);
    const [a, b, c] = lines;
    const turned = [c, a, b].flatMap((line, n) => (line ? [{ ...line, n: n + 1, line: n + 2 }] : []));
    expect(judged(turned).map(({ id, itemId, atStake }) => [id, itemId, atStake])).toEqual(
      found.map(({ id, itemId, atStake }) => [id, itemId, atStake]),
    );
    expect(found.find(({ atStake }) => atStake === 700n)).toMatchObject({ pAmount: 700n, txnId: 'T3', raw: 'raw 3' });
  });

  test('a provider’s profile says how long its lines wait', () => {
    expect(judged([row(1)], { platform_missing: 3 })[0]).toMatchObject({ wait: 3 });
  });

  test('charges past a thousand are one finding with their sum, never by rule', () => {
    const many = Array.from({ length: 1_002 }, (_, n) => row(n + 1, { kind: 'fee', amount: -2n }));
    const found = judged(many);
    expect(found).toHaveLength(1_001);
    expect(found.find(({ itemId }) => itemId === null)).toMatchObject({
      ...{ class: 'fee_mismatch', atStake: -4n, auto: false, suggested: 'claim_provider', raw: '2 further charges' },
    });
  });

  test('they are counted with the day’s others, and its digest knows them', () => {
    const counts = [{ class: 'fee_mismatch' as const, count: 1, amount: 10n }];
    const day = { items: [], findings: [], parts: [], closes: [], counts, digest: 'd' };
    const named = judged([row(1, { kind: 'fee', amount: -3n }), row(2)]);
    expect(withNamed(day, []).digest).toBe('d');
    expect(withNamed(day, named)).toMatchObject({
      counts: [
        { class: 'fee_mismatch', count: 2, amount: 7n },
        { class: 'platform_missing', count: 1, amount: 700n },
      ],
    });
    expect(withNamed(day, named).digest).not.toBe('d');
  });
});
