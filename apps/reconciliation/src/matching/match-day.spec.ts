import fc from 'fast-check';
import type { BreakClass } from '@yidian/contracts';
import { totalsOf } from '../statements/statement';
import { buildBridges } from './bridge';
import type { CaseOptions } from './case';
import { AFTER, BEFORE, contractFee, DAY, History, PROVIDER, type PaymentHistory } from './histories';
import { matchDay, type DayMatch } from './match-day';

const options: CaseOptions = {
  provider: PROVIDER,
  date: DAY,
  quote: (amount) => contractFee(amount),
  feeTolerance: 1n,
  waits: {},
  allowsReturns: false,
};

/** Histories in which nothing is wrong, however they look at first sight. */
const CLEAN: Record<string, (p: PaymentHistory) => void> = {
  completed: (p) => p.completed(),
  collected: (p) => p.gateway('paid', { refNo: '', providerTxnId: '' }).billing('credited').pay({ ourRef: p.no }),
  declined: (p) => p.gateway('submitted').gateway('declined'),
  in_doubt_then_paid: (p) => p.gateway('unknown').completed(),
  reversed_shown: (p) => {
    p.gateway('paid').billing('credited').pay({ fee: 0n });
    p.gateway('reversed', { refNo: `${p.no}V01` }).billing('credit_reversed', { refNo: `${p.no}V01` });
    p.back('reversal', `${p.no}V01`, p.amount);
  },
  reversed_omitted: (p) => {
    p.gateway('paid').billing('credited');
    p.gateway('reversed', { refNo: `V${p.no}` }).billing('credit_reversed', { refNo: `V${p.no}` });
  },
  partly_refunded: (p) => {
    p.completed().gateway('refund_submitted', { refNo: `R${p.no}`, amount: 100n });
    p.gateway('refunded', { refNo: `R${p.no}`, amount: 100n });
    p.billing('credit_reversed', { refNo: `R${p.no}`, amount: 100n }).back('refund', `R${p.no}`, 100n);
  },
  refused_by_billing_and_given_back_at_the_counter: (p) => {
    p.gateway('paid', { refNo: p.no, providerTxnId: '' })
      .billing('credit_rejected')
      .gateway('reversed', { refNo: p.no });
  },
  wholly_refunded: (p) => {
    p.completed().gateway('refunded', { refNo: `R${p.no}` });
    p.billing('credit_reversed', { refNo: `R${p.no}` }).back('refund', `R${p.no}`, p.amount);
  },
  refused_and_given_back: (p) => {
    p.gateway('paid').billing('credit_rejected').pay();
    p.gateway('refund_submitted', { refNo: `R${p.no}` }).gateway('refunded', { refNo: `R${p.no}` });
    p.back('refund', `R${p.no}`, p.amount);
  },
  refund_of_yesterdays: (p) => {
    p.before().gateway('paid', { bookDate: BEFORE }).billing('credited', { bookDate: BEFORE });
    p.gateway('refunded', { refNo: `R${p.no}` }).billing('credit_reversed', { refNo: `R${p.no}` });
    p.back('refund', `R${p.no}`, p.amount);
  },
  credited_within_the_grace: (p) => p.gateway('paid', { bookDate: AFTER }).billing('credited'),
  told_after_our_cut: (p) =>
    p.gateway('submitted').gateway('paid', { bookDate: AFTER }).billing('credited', { bookDate: AFTER }).pay(),
  in_their_next_file: (p) => p.gateway('paid', { bookDate: BEFORE }).billing('credited', { bookDate: BEFORE }).pay(),
  told_late_about_yesterday: (p) => {
    p.before().gateway('unknown', { bookDate: BEFORE }).gateway('paid').billing('credited');
  },
};

/** One thing wrong each; the class is what must be found, and nothing else. */
const DAMAGE: Partial<
  Record<BreakClass | 'repeated_refund' | 'declined_but_taken' | 'fee_on_a_reversed_pair', (p: PaymentHistory) => void>
> = {
  late_success: (p) => p.gateway('submitted').gateway('unknown').pay(),
  uncredited: (p) => p.gateway('submitted').gateway('paid').pay(),
  credit_rejected: (p) => p.gateway('paid').billing('credit_rejected').pay(),
  credit_undone: (p) => p.completed().billing('credit_reversed', { refNo: 'res1' }),
  status_mismatch: (p) => p.gateway('unknown').billing('credited').pay(),
  declined_but_taken: (p) => p.gateway('submitted').gateway('declined').pay(),
  platform_missing: (p) => p.pay(),
  gateway_missing: (p) => p.billing('credited').pay(),
  provider_missing: (p) => p.gateway('submitted').gateway('paid').billing('credited'),
  gateway_only: (p) => p.gateway('paid').billing('credit_rejected'),
  unknown_open: (p) => p.gateway('submitted').gateway('unknown'),
  unpaid_credit: (p) => p.billing('credited'),
  reversal_missing: (p) => {
    p.completed()
      .gateway('reversed', { refNo: 'V' + p.no })
      .billing('credit_reversed', { refNo: 'V' + p.no });
  },
  reversal_half: (p) => p.completed().gateway('reversed', { refNo: 'V' + p.no }),
  unreversed_credit: (p) =>
    p
      .gateway('paid')
      .gateway('reversed', { refNo: 'V' + p.no })
      .billing('credited'),
  reversed_by_provider: (p) => p.completed().back('reversal', 'V' + p.no, p.amount),
  credited_and_refunded: (p) => {
    p.completed()
      .gateway('refunded', { refNo: 'R' + p.no })
      .back('refund', 'R' + p.no, p.amount);
  },
  amount_mismatch: (p) =>
    p
      .gateway('paid')
      .billing('credited')
      .pay({ amount: p.amount + 100n }),
  branch_mismatch: (p) => p.gateway('paid').billing('credited', { branch: '430000' }).pay(),
  reference_mismatch: (p) =>
    p
      .gateway('paid')
      .billing('credited')
      .pay({ txnId: 'other' + p.no }),
  fee_on_a_reversed_pair: (p) => {
    CLEAN['reversed_shown']?.(p);
    p.day.lines.splice(0, p.day.lines.length, ...p.day.lines.map((l) => (l.txnId === p.txn ? { ...l, fee: 30n } : l)));
  },
  fee_mismatch: (p) =>
    p
      .gateway('paid')
      .billing('credited')
      .pay({ fee: contractFee(p.amount) + 5n }),
  duplicate_line: (p) => p.completed().pay(),
  conflicting_line: (p) => p.completed().pay({ amount: p.amount + 1n }),
  duplicate_payment: (p) => p.completed().pay({ txnId: 'second' + p.no, ourRef: `${p.no}02` }),
  currency_mismatch: (p) => p.completed().pay({ txnId: 'usd' + p.no, currency: 'USD' }),
  provider_return: (p) => p.completed().back('refund', 'unknown' + p.no, 100n),
  repeated_refund: (p) => {
    CLEAN['partly_refunded']?.(p);
    p.back('refund', `R${p.no}`, 100n);
  },
  refund_missing: (p) => {
    p.completed().gateway('refunded', { refNo: 'R' + p.no, amount: 100n });
    p.billing('credit_reversed', { refNo: 'R' + p.no, amount: 100n });
  },
  refund_open: (p) => p.completed().gateway('refund_submitted', { refNo: 'R' + p.no, amount: 100n }),
  late_refund: (p) => {
    p.completed()
      .gateway('refund_submitted', { refNo: 'R' + p.no, amount: 100n })
      .back('refund', 'R' + p.no, 100n);
  },
  refund_undebited: (p) => {
    p.completed()
      .gateway('refunded', { refNo: 'R' + p.no, amount: 100n })
      .back('refund', 'R' + p.no, 100n);
  },
  over_refund: (p) => {
    p.completed().gateway('refunded', { refNo: 'R' + p.no, amount: 100n });
    p.billing('credit_reversed', { refNo: 'R' + p.no, amount: 100n }).back('refund', 'R' + p.no, p.amount + 1n);
  },
  debit_without_refund: (p) => p.completed().billing('credit_reversed', { refNo: `${p.no}91`, amount: 1n }),
};
const NAMED: Record<string, BreakClass> = {
  repeated_refund: 'duplicate_line',
  declined_but_taken: 'platform_missing',
  fee_on_a_reversed_pair: 'fee_mismatch',
};

function write(histories: readonly [name: string, amount: bigint][]): History {
  const day = new History();
  for (const [name, amount] of histories) {
    const payment = day.payment(amount);
    const damage = DAMAGE[name as BreakClass];
    (damage ?? CLEAN[name])?.(payment);
    if (damage) payment.expect(NAMED[name] ?? (name as BreakClass));
  }
  return day;
}

function match(day: History, reorder: <T>(list: readonly T[]) => T[] = (list) => [...list]): DayMatch {
  const lines = reorder(day.lines).map((line, place) => ({ ...line, line: place + 2 }));
  const { facts, prior } = day;
  return matchDay(
    { provider: PROVIDER, date: DAY, lines, facts: reorder(facts), prior: reorder(prior), carried: [] },
    options,
  );
}

function residuals(day: History, result: DayMatch): string[] {
  const sum = (service: string, kinds: string[]) =>
    day.facts
      .filter((fact) => fact.service === service && kinds.includes(fact.kind) && fact.bookDate === DAY)
      .reduce((total, fact) => total + fact.amount, 0n);
  const statement = totalsOf({ lines: day.lines, unreadable: [], control: null, findings: [] });
  const books = {
    paid: sum('gateway', ['paid']),
    returned: sum('gateway', ['refunded', 'reversed', 'returned']),
    credited: sum('billing', ['credited']),
  };
  return buildBridges(result.parts, statement, books).map((bridge) => `${bridge.kind} ${bridge.residual}`);
}

const BALANCED = ['payments 0', 'refunds 0', 'fees 0', 'credits 0'];
const found = (result: DayMatch) => result.findings.map(({ class: cls, key }) => `${cls} ${key}`).sort();
const injected = (day: History) => day.expected.map(({ class: cls, key }) => `${cls} ${key}`).sort();

describe('matching one provider-day', () => {
  test.each(Object.keys(CLEAN))('%s is no difference', (name) => {
    const day = write([[name, 5000n]]);
    const result = match(day);
    expect(found(result)).toEqual([]);
    expect(residuals(day, result)).toEqual(BALANCED);
  });

  test.each(Object.keys(DAMAGE))('%s is found, and nothing else', (name) => {
    const day = write([[name, 5000n]]);
    const result = match(day);
    expect(found(result)).toEqual(injected(day));
    expect(residuals(day, result)).toEqual(BALANCED);
  });

  test('random histories with random damage: found = injected, every residual 0, any order the same bytes', () => {
    const history = fc.tuple(
      fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...Object.keys(CLEAN)) },
        { weight: 1, arbitrary: fc.constantFrom(...Object.keys(DAMAGE)) },
      ),
      fc.bigInt(200n, 5_000_000n),
    );
    fc.assert(
      fc.property(fc.array(history, { maxLength: 60 }), fc.infiniteStream(fc.nat()), (histories, noise) => {
        const day = write(histories);
        const result = match(day);
        expect(found(result)).toEqual(injected(day));
        expect(residuals(day, result)).toEqual(BALANCED);
        const shuffle = <T>(list: readonly T[]): T[] =>
          list
            .map((value) => ({ value, at: noise.next().value ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ value }) => value);
        const again = match(day, shuffle);
        expect(again.digest).toBe(result.digest);
        expect(again.items).toEqual(result.items);
      }),
      { numRuns: 150 },
    );
  });

  test('what agrees settles with its branch or follows its payment, all else waits in suspense', () => {
    const day = write([
      ['completed', 5000n],
      ['uncredited', 5000n],
      ['late_success', 5000n],
      ['fee_mismatch', 5000n],
      ['reversed_shown', 5000n],
      ['refused_and_given_back', 5000n],
      ['partly_refunded', 5000n],
    ]);
    const due = match(day).items.filter((item) => item.matched);
    expect(due.map(({ kind, class: cls, amount }) => `${kind} ${cls} ${amount}`).sort()).toEqual([
      'payment fee_mismatch 5000',
      'payment matched 5000',
      'payment matched 5000',
      'payment matched 5000',
      'refund matched -100',
      'refund matched -5000',
      'reversal matched -5000',
    ]);
  });

  test('a difference in what was learned after the cut waits for the next date', () => {
    const day = new History();
    day.payment(5000n).gateway('submitted').gateway('paid', { bookDate: AFTER }).pay();
    expect(match(day).findings).toMatchObject([{ class: 'uncredited', wait: 1 }]);
  });

  test('an item that has found its other half closes its suspense', () => {
    const day = write([['in_their_next_file', 5000n]]);
    const key = day.facts[0]?.paymentNo;
    expect(match(day).closes).toContainEqual({ kind: 'payment', key, leg: '' });
  });
});
