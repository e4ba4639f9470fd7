/** Words of routing: what is asked, what is known of providers, what was decided. */
export const PPM = 1_000_000n;

export interface RouteQuestion {
  /** `agreement` for debits; else the way to pay that the payer named. */
  method: string;
  /** Home branch of the number. */
  branch: string;
  /** Fen. */
  amount: bigint;
}

/** A provider that may be asked and what it takes for that, parts per million and fen. */
export interface Candidate {
  provider: string;
  feePpm: number;
  feeFixed: bigint;
}

export interface RoutingRule {
  version: number;
  n: number;
  method: string;
  /** '': every branch. */
  branch: string;
  amountFrom: bigint | null;
  amountTo: bigint | null;
  chooseBy: 'listed' | 'cost' | 'success';
  /** Who succeeds less often than that comes last. */
  leastSuccessPpm: number;
  /** Fees that the rule leaves out are the provider's usual ones. */
  providers: readonly { provider: string; feePpm: number | null; feeFixed: bigint | null }[];
}

export type Unusable = 'unknown' | 'cannot' | 'stopped' | 'maintenance' | 'breaker';

export interface Standing {
  unusable: Unusable | null;
  /** Of the attempts of late; null: too few to say. */
  successPpm: number | null;
}

export interface Judged extends Standing {
  provider: string;
  place: number;
  fee: bigint;
  weak: boolean;
}

export interface Route {
  rule: { version: number; n: number } | null;
  by: RoutingRule['chooseBy'];
  /** Usable ones, in the order in which they are tried. */
  order: readonly string[];
  judged: readonly Judged[];
}

/** Kept with the attempt, for whoever asks later why it went there. */
export interface DecisionRow {
  attempt_no: string;
  payment_no: string;
  provider: string;
  rule_version: number | null;
  rule_n: number | null;
  reasons: string;
  at: Date;
}

/** @param why in a word: how this one came first, or what the one before had said */
export function decisionOf(
  route: Route,
  chosen: { attemptNo: string; paymentNo: string; provider: string },
  why: string,
  at: Date,
): DecisionRow {
  const candidates = route.judged.map(({ provider, fee, successPpm, unusable, weak }) => ({
    provider,
    fee: fee.toString(),
    success_ppm: successPpm,
    ...(unusable ? { unusable } : {}),
    ...(weak ? { weak: true } : {}),
  }));
  return {
    attempt_no: chosen.attemptNo,
    payment_no: chosen.paymentNo,
    provider: chosen.provider,
    rule_version: route.rule?.version ?? null,
    rule_n: route.rule?.n ?? null,
    reasons: JSON.stringify({ why, by: route.by, candidates }),
    at,
  };
}

/** One line of a decision, for the line of time. */
export function tellDecision(row: DecisionRow): string {
  const { why, candidates } = JSON.parse(row.reasons) as {
    why: string;
    candidates: { provider: string; fee: string; success_ppm: number | null; unusable?: string }[];
  };
  const rule = row.rule_version === null ? 'no rule' : `rule ${row.rule_version}/${row.rule_n ?? ''}`;
  const others = candidates.map((one) => `${one.provider}${one.unusable ? ` (${one.unusable})` : ` ${one.fee}`}`);
  return `routed to ${row.provider}: ${why}; ${rule}; ${others.join(', ')}`;
}
