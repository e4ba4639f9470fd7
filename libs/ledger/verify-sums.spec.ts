import fc from 'fast-check';
import { Drawers, OpenedDrawers } from './verify-sums';

const account = fc.integer({ min: 0, max: 400 }).map((n) => `subscriber/${n}/cash`);
const amount = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });
const moves = fc.array(fc.tuple(account, amount), { minLength: 1, maxLength: 200 });

describe('sums in drawers', () => {
  test('what agrees account by account is nowhere wrong, in whatever order and pieces it comes', () => {
    fc.assert(
      fc.property(moves, (list) => {
        const drawers = new Drawers();
        const totals = new Map<string, bigint>();
        for (const [id, value] of list) {
          drawers.says(id, 'CNY', value);
          totals.set(id, (totals.get(id) ?? 0n) + value);
        }
        for (const [id, total] of totals) drawers.holds(id, 'CNY', total);
        expect(drawers.wrong()).toEqual([]);
      }),
    );
  });

  test('what differs is found, and opening the wrong drawers names every account of it and no other', () => {
    fc.assert(
      fc.property(moves, (list) => {
        const drawers = new Drawers();
        const off = new Map<string, bigint>();
        for (const [id, value] of list) {
          drawers.says(id, 'CNY', value);
          off.set(id, (off.get(id) ?? 0n) + value);
        }
        const opened = new OpenedDrawers(drawers, drawers.wrong());
        for (const [id, value] of list) opened.says(id, 'CNY', value);
        const names = [...off].filter(([, value]) => value !== 0n).map(([id]) => id);
        expect(opened.wrong().map((one) => one.account)).toEqual(names.sort());
      }),
    );
  });

  test('errors that cancel in sum do not cancel here', () => {
    for (let n = 0; n < 200; n++) {
      const drawers = new Drawers();
      for (let other = 0; other < 20; other++) {
        drawers.holds(`subscriber/${n}/${other}`, 'CNY', 1n);
        drawers.holds(`subscriber/${n}/${other}`, 'USD', -1n);
      }
      expect(drawers.wrong().length).toBeGreaterThan(0);
    }
  });
});
