import { PPM } from './route';
import type { Candidate, Judged, Route, RouteQuestion, RoutingRule, Standing } from './route';

/** The first rule, in the order in which they were agreed on, whose every condition holds. */
export function ruleFor(rules: readonly RoutingRule[], asked: RouteQuestion): RoutingRule | null {
  const { method, branch, amount } = asked;
  const holds = (rule: RoutingRule) =>
    rule.method === method &&
    (rule.branch === '' || rule.branch === branch) &&
    (rule.amountFrom === null || amount >= rule.amountFrom) &&
    (rule.amountTo === null || amount <= rule.amountTo);
  return rules.find(holds) ?? null;
}

/**
 * Candidates in the order in which they are to be tried, and why. A function of its arguments only: the same question about
 * the same standing has the same answer, whoever asks, so ties end at the rule's own order and then at the code.
 */
export function chooseRoute(
  asked: RouteQuestion,
  rule: RoutingRule | null,
  candidates: readonly Candidate[],
  standing: (provider: string) => Standing,
): Route {
  const judged = candidates.map((candidate, place): Judged => {
    const { unusable, successPpm } = standing(candidate.provider);
    const fee = feeOf(asked.amount, candidate);
    const weak = rule !== null && successPpm !== null && successPpm < rule.leastSuccessPpm;
    return { provider: candidate.provider, place, fee, successPpm, unusable, weak };
  });
  const by = rule?.chooseBy ?? 'listed';
  const order = judged.filter(({ unusable }) => unusable === null).sort((a, b) => compare(by, a, b));
  return { rule: rule && { version: rule.version, n: rule.n }, by, order: order.map((one) => one.provider), judged };
}

/** Half up, as fees are settled; in fen. */
export function feeOf(amount: bigint, { feePpm, feeFixed }: Candidate): bigint {
  return (2n * amount * BigInt(feePpm) + PPM) / (2n * PPM) + feeFixed;
}

function compare(by: RoutingRule['chooseBy'], a: Judged, b: Judged): number {
  if (a.weak !== b.weak) return a.weak ? 1 : -1;
  if (by === 'cost' && a.fee !== b.fee) return a.fee < b.fee ? -1 : 1;
  // Nobody has asked it lately: taken for as good as any, or it would never be asked again.
  const [mine, others] = [a.successPpm ?? Number(PPM), b.successPpm ?? Number(PPM)];
  if (by === 'success' && mine !== others) return others - mine;
  if (a.place !== b.place) return a.place - b.place;
  return a.provider < b.provider ? -1 : 1;
}
