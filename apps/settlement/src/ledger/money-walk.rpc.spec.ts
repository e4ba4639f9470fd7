import { matchedItem } from '../testing/lines';
import { example } from '../testing/money-page';
import { settlementFixture } from '../testing/settlement-fixture';
import { TREASURY, TreasurySteps } from '../testing/treasury-steps';

/** The page's short names of accounts, as the ledger has them. */
const ACCOUNTS: Readonly<Record<string, string>> = {
  ...{ 'clearing/P': 'clearing/bank_a', 'due/HB': 'due/420000', 'due/GD': 'due/440000' },
  ...{ bank: 'bank/main', transit: 'transit/main' },
};

/** `Dr a 5 Cr b 5; …` → what it does to each account. @throws where the two ends differ */
function movesOf(cell: string): Map<string, bigint> {
  const moves = new Map<string, bigint>();
  for (const transfer of cell.split('; ')) {
    const [, debit = '', out = '', credit = '', into = ''] = /^Dr (\S+) (\d+) Cr (\S+) (\d+)$/.exec(transfer) ?? [];
    if (out === '' || out !== into) throw new Error(`no transfer with two ends: ${transfer}`);
    for (const [account, amount] of [[debit, -BigInt(out)] as const, [credit, BigInt(into)] as const])
      moves.set(account, (moves.get(account) ?? 0n) + amount);
  }
  return moves;
}

/** What the last cell says is owed or held, by the account that shows it. */
function toldOf(cell: string): [account: string, balance: bigint][] {
  const held = /P holds (\d+|nothing)/.exec(cell)?.[1] ?? /(\d+) stay with P/.exec(cell)?.[1];
  const bank = /bank holds (\d+)/.exec(cell)?.[1];
  const branches = [...cell.matchAll(/(HB|GD) (\d+)/g)].map(([, name = '', amount = '']): [string, bigint] => [
    `due/${name}`,
    BigInt(amount),
  ]);
  return [
    ...(held === undefined ? [] : [['clearing/P', held === 'nothing' ? 0n : -BigInt(held)] as [string, bigint]]),
    ...(bank === undefined ? [] : [['bank', -BigInt(bank)] as [string, bigint]]),
    ...(cell === 'nobody owes HB' ? [['due/HB', 0n] as [string, bigint]] : []),
    ...branches,
  ];
}

describe('one payment, from the counter to the branch’s account, as docs/MONEY.md tells it', () => {
  test('moment by moment, through the service as it runs', async () => {
    const fixture = await settlementFixture({ treasury: TREASURY });
    try {
      const bank = new TreasurySteps(() => fixture.client);
      await bank.branchPayees();
      const from = 'BANK A SETTLEMENT CO';
      let number = '';
      const moments: Readonly<Record<string, () => Promise<unknown>>> = {
        'day settled': () => fixture.settle('run-1', [matchedItem('a')]),
        'P pays out 4900': () => bank.import({ amount: 4900n, bankRef: 'P1', from }),
        'P pays the 70': () => bank.import({ amount: 70n, bankRef: 'P2', from }),
        'payout sent': async () => {
          const run = await bank.send({ parties: [{ kind: 'branch', code: '420000' }] });
          number = run.payouts[0]?.number ?? '';
        },
        'our bank books it': () => bank.import({ amount: -4945n, bankRef: 'P3', ours: number }),
        'it comes back': () => bank.import({ amount: 4945n, bankRef: 'P4', ours: number, returned: true }),
      };
      const rows = example('one payment');
      expect(rows.map(([moment]) => moment)).toEqual(['credited', ...Object.keys(moments)]);
      const running = new Map<string, bigint>();
      for (const [moment = '', service = '', money = '', told = ''] of rows) {
        if (service !== '–') expect([...movesOf(service).values()].reduce((a, b) => a + b, 0n)).toBe(0n);
        if (money === '–') continue;
        await moments[moment]?.();
        for (const [account, amount] of movesOf(money)) running.set(account, (running.get(account) ?? 0n) + amount);
        const expected = [...running].filter(([, amount]) => amount !== 0n);
        expect([moment, await fixture.balances()]).toEqual([
          ...[moment, Object.fromEntries(expected.map(([id, amount]) => [ACCOUNTS[id] ?? id, String(amount)]))],
        ]);
        expect(toldOf(told)).not.toEqual([]);
        for (const [account, balance] of toldOf(told))
          expect([moment, running.get(account)]).toEqual([moment, balance]);
        await fixture.assertInvariants();
      }
    } finally {
      await fixture.close();
    }
  });
});
