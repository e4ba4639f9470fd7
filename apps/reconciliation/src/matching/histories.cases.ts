import type { BreakClass } from '@yidian/contracts';
import { AFTER, BEFORE, contractFee, History, type PaymentHistory } from './histories';

/** Histories in which nothing is wrong, however they look at first sight. */
export const CLEAN: Record<string, (p: PaymentHistory) => void> = {
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
export const DAMAGE: Partial<
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

/** A day of these histories, one payment each, with what must be found in it. */
export function write(histories: readonly [name: string, amount: bigint][]): History {
  const day = new History();
  for (const [name, amount] of histories) {
    const payment = day.payment(amount);
    const damage = DAMAGE[name as BreakClass];
    (damage ?? CLEAN[name])?.(payment);
    if (damage) payment.expect(NAMED[name] ?? (name as BreakClass));
  }
  return day;
}
