import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { matchPayouts, type ExpectedDate, type Paid } from '../bank/match-payouts';
import { WorkingDays } from '../calendar/working-days';
import { obligationsOf } from '../positions/netting';

const TEXT = readFileSync(join(__dirname, '../../../../docs/MONEY.md'), 'utf8');

/** The rows of the table that follows its mark, cell by cell. */
function example(name: string): string[][] {
  const at = TEXT.indexOf(`<!-- example: ${name}`);
  if (at === -1) throw new Error(`docs/MONEY.md has no example ${name}`);
  const table = TEXT.slice(at).split('\n').slice(2);
  const rows = table.slice(
    0,
    table.findIndex((line) => !line.startsWith('|')),
  );
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const days = new WorkingDays();
const pairs = (cell = ''): [string, bigint][] =>
  cell === ''
    ? []
    : cell.split(', ').map((pair) => {
        const [day = '', amount = ''] = pair.split(' ');
        return [day, BigInt(amount)];
      });

describe('the examples of docs/MONEY.md', () => {
  test.each(example('due'))('%s + %s working days = %s (%s)', (date, lag, due) => {
    expect(days.after(date, parseInt(lag, 10))).toBe(due);
  });

  test.each(example('payouts'))('%s | %s as of %s: %s', (dates, paid, asOf, outcome) => {
    const expected = pairs(dates).map(([date, amount]): ExpectedDate => ({
      date,
      dueDay: days.after(date, 1),
      amount,
    }));
    const entries = pairs(paid).map(([valueDay, amount], n): Paid => ({ entryId: `e${n}`, valueDay, amount }));
    const groups = matchPayouts(expected, entries, asOf);
    expect(groups.map((group) => `${group.class} ${group.difference}`).join('; ')).toBe(outcome);
  });

  test('netting', () => {
    const rows = example('netting');
    const balances = new Map(rows.map(([account = '', balance = '']) => [account, BigInt(balance)]));
    const told = rows
      .filter(([, , pays]) => pays !== '')
      .map(([account = '', , pays = '']) => {
        const [amount = '', netting] = pays.replace(',', '').split(' ');
        return {
          account: pays.includes('with') ? account.replace('clearing', 'set_off') : account,
          amount: BigInt(amount),
          netting,
        };
      });
    const found = obligationsOf(balances, new Set(['bank_a'])).map(({ account, amount, netting }) => ({
      account,
      amount,
      netting,
    }));
    expect(new Set(found)).toEqual(new Set(told));
  });
});
