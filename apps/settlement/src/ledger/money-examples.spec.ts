import { matchPayouts, type ExpectedDate, type Paid } from '../bank/match-payouts';
import { WorkingDays } from '../calendar/working-days';
import { obligationsOf } from '../positions/netting';
import { example, pairs } from '../testing/money-page';

const days = new WorkingDays();

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
