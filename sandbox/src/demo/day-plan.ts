import { type DemoPayer, MAINTENANCE_BRANCH, type Population } from './population';
import { Seeded } from './seeded';

/** Differences put into the day on purpose, by the class that reconciliation must find. */
export type InjectedClass = 'late_success' | 'uncredited' | 'provider_missing' | 'fee_mismatch';

/** One payment of a payer with an agreement. Within a payer no amount comes twice, so that texts tell them apart. */
export interface AgreementPayment {
  key: string;
  way: 'sms' | 'portal';
  target: 'self' | 'linked';
  /** Whole yuan. */
  yuan: number;
  /** What the bank shall do with it; absent: what the amount says. */
  behaviour?: 'cut_after' | 'callback_twice' | 'declined_funds' | 'silent_until_statement';
  injected?: InjectedClass;
  /** Fen by which the statement's fee shall differ. */
  feeBy?: number;
}

export interface PayerDay {
  payer: DemoPayer;
  payments: AgreementPayment[];
}

export interface WalkInPayment {
  key: string;
  way: 'counter' | 'shop' | 'cashier';
  number: string;
  yuan: number;
  undo?: 'reversal' | 'refund';
}

export interface DayPlan {
  date: string;
  payers: PayerDay[];
  walkIns: WalkInPayment[];
  /** Made after the branch has gone into maintenance: paid, not credited before the cut. */
  maintenance: PayerDay[];
  total: number;
}

const PAYER_YUAN = [10, 15, 20, 25, 30, 35, 40, 45];
const WALK_IN_YUAN = [10, 20, 30, 50, 100, 200];
const UNCREDITED = 7;
const FEES = [1, 1, 1, 1, 1, 35, -5];

/** Everything that will be paid on the day: a pure function of seed, date and number of payments. */
export function planDay(seed: string, date: string, people: Population, total = 2000): DayPlan {
  const choose = new Seeded(seed, `day/${date}`);
  const payers = people.payers.slice(0, Math.max(31, Math.round((total * 155) / 2000)));
  const perPayer = Math.max(2, Math.min(6, Math.floor((total * 0.465) / payers.length)));
  const days = payers.map((payer, i) => payerDay(payer, `${date}/p${i}`, perPayer, choose));
  spoil(days, choose);
  const maintenance = maintenanceDays(payers, date);
  const agreementPayments = days.length * perPayer + UNCREDITED;
  const walkIns = walkInDay(people, date, Math.max(20, total - agreementPayments), choose);
  return { date, payers: days, walkIns, maintenance, total: agreementPayments + walkIns.length };
}

function payerDay(payer: DemoPayer, prefix: string, count: number, choose: Seeded): PayerDay {
  const amounts = choose.shuffle(PAYER_YUAN);
  const payments = Array.from({ length: count }, (_, n): AgreementPayment => {
    const key = `${prefix}/${n}`;
    return {
      key,
      way: n % 2 === 0 ? 'sms' : 'portal',
      target: n % 3 === 2 ? 'self' : 'linked',
      yuan: amounts[n] ?? 50,
    };
  });
  return { payer, payments };
}

/** Gives some portal payments a fate. Numbers in the branch that will be in maintenance are left alone. */
function spoil(days: PayerDay[], choose: Seeded): void {
  const away = (day: PayerDay) =>
    day.payer.branch === MAINTENANCE_BRANCH || day.payer.linkedBranch === MAINTENANCE_BRANCH;
  const portal = choose.shuffle(
    days.filter((day) => !away(day)).flatMap((day) => day.payments.filter((p) => p.way === 'portal')),
  );
  const fates: Partial<AgreementPayment>[] = [
    { behaviour: 'cut_after', yuan: 100 },
    { behaviour: 'callback_twice' },
    { behaviour: 'declined_funds' },
    { behaviour: 'declined_funds' },
    ...Array.from({ length: 6 }, () => ({
      behaviour: 'silent_until_statement' as const,
      injected: 'late_success' as const,
    })),
    ...Array.from({ length: 3 }, () => ({ injected: 'provider_missing' as const })),
    ...FEES.map((feeBy) => ({ injected: 'fee_mismatch' as const, feeBy })),
  ];
  fates.forEach((fate, i) => Object.assign(portal[i] ?? {}, fate));
}

function maintenanceDays(payers: readonly DemoPayer[], date: string): PayerDay[] {
  const here = payers.filter((p) => p.linkedBranch === MAINTENANCE_BRANCH);
  const days = here.map((payer): PayerDay => ({ payer, payments: [] }));
  for (let n = 0; n < UNCREDITED; n += 1) {
    const day = days[n % days.length];
    day?.payments.push({ key: `${date}/m${n}`, way: 'portal', target: 'linked', yuan: 50 + n, injected: 'uncredited' });
  }
  return days.filter((day) => day.payments.length > 0);
}

function walkInDay(people: Population, date: string, count: number, choose: Seeded): WalkInPayment[] {
  const cashiers = Math.max(2, Math.round(count / 50));
  const wayOf = (n: number) => (n < cashiers ? 'cashier' : n % 2 === 0 ? 'counter' : 'shop');
  const list = Array.from({ length: count }, (_, n): WalkInPayment => {
    const { number } = choose.pick(people.walkIns);
    return { key: `${date}/w${n}`, way: wayOf(n), number, yuan: choose.pick(WALK_IN_YUAN) };
  });
  const counter = list.find((payment) => payment.way === 'counter');
  const cashier = list.find((payment) => payment.way === 'cashier');
  if (counter) counter.undo = 'reversal';
  if (cashier) Object.assign(cashier, { undo: 'refund', yuan: 50 });
  return choose.shuffle(list);
}

/** Everything injected on purpose into a plan. */
export function injectedOf(plan: DayPlan): AgreementPayment[] {
  return [...plan.payers, ...plan.maintenance].flatMap((day) => day.payments.filter((p) => p.injected !== undefined));
}
