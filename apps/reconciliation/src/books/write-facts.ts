import type { Fact } from './fact';

const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n' };
const text = (value: string): string => value.replace(/[\\\t\n]/g, (char) => ESCAPED[char] ?? char);

/** Facts as the lines that a source would write of them (contracts: FACT_LINE). */
export function textOf(facts: readonly Fact[]): string {
  return facts.map((fact) => `${columnsOf(fact).join('\t')}\n`).join('');
}

function columnsOf(fact: Fact): string[] {
  const { laneId, seq, amount, bookDate, businessDate, occurredAt } = fact;
  const place = [`${laneId}`, `${seq}`, text(fact.provider), bookDate, businessDate ?? '\\N', text(fact.kind)];
  const names = [fact.paymentNo, fact.refNo, fact.providerTxnId].map(text);
  const origin = [fact.currency, fact.branch, fact.acquiringBranch, fact.channel, fact.partner].map(text);
  return [...place, ...names, `${amount}`, ...origin, occurredAt.replace('T', ' ').replace('Z', '')];
}
