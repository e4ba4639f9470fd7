import { createHash } from 'node:crypto';
import type { BreakClass } from '@yidian/contracts';
import { contentOf } from '../statements/statement';
import { buildGroups, type Group, type MatchInput } from './group';
import { hashOf } from './identity';
import { openCase, type CaseOptions, type FeeQuestion } from './case';
import { judgeGroup } from './judge-group';
import type { BridgePart, Finding, Item, Judgement } from './result';

export interface DayMatch {
  items: Item[];
  findings: Finding[];
  parts: BridgePart[];
  closes: Judgement['closes'];
  counts: { class: BreakClass; count: number; amount: bigint }[];
  /** Same inputs, same bytes, whatever the order of lines and facts. */
  digest: string;
}

/** Amounts, channels and home branches whose contract fee the judges will compare. */
export function feeQuestions(groups: Iterable<Group>, options: Omit<CaseOptions, 'quote'>): FeeQuestion[] {
  const asked = new Map<string, FeeQuestion>();
  for (const group of groups) {
    const { picked, books } = openCase(group, { ...options, quote: () => undefined });
    const paid = books.paid[0];
    if (!picked.kept || !paid) continue;
    const { amount } = picked.kept;
    asked.set(`${paid.channel}|${paid.branch}|${amount}`, { amount, channel: paid.channel, branch: paid.branch });
  }
  return [...asked].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, question]) => question);
}

/**
 * Matches one provider-day: a pure function of statement, facts and earlier lines. Groups are walked in the order of their
 * keys' hash, and everything inside a group is ordered by content, never by where it stood in a file.
 */
export function matchDay(input: MatchInput, options: CaseOptions): DayMatch {
  const groups = [...buildGroups(input).values()].map((group) => ({ group: ordered(group), hash: hashOf(group.key) }));
  groups.sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const result: Omit<DayMatch, 'digest' | 'counts'> = { items: [], findings: [], parts: [], closes: [] };
  for (const { group } of groups) {
    const judged = judgeGroup(group, options);
    result.items.push(...judged.items);
    result.findings.push(...judged.findings);
    result.parts.push(...judged.parts);
    result.closes.push(...judged.closes);
  }
  return { ...result, counts: countClasses(result.items, result.findings), digest: digestOf(result) };
}

function ordered(group: Group): Group {
  const byPlace = (a: { laneId: number; seq: bigint }, b: { laneId: number; seq: bigint }) =>
    a.laneId - b.laneId || (a.seq < b.seq ? -1 : a.seq > b.seq ? 1 : 0);
  return {
    ...group,
    lines: [...group.lines].sort((a, b) =>
      contentOf(a) < contentOf(b) ? -1 : contentOf(a) > contentOf(b) ? 1 : a.line - b.line,
    ),
    prior: [...group.prior].sort((a, b) => (a.date + a.itemId < b.date + b.itemId ? -1 : 1)),
    gateway: [...group.gateway].sort(byPlace),
    billing: [...group.billing].sort(byPlace),
  };
}

/** Matched items by class, and every finding under its own. */
function countClasses(items: readonly Item[], findings: readonly Finding[]): DayMatch['counts'] {
  const counts = new Map<BreakClass, { count: number; amount: bigint }>();
  const add = (cls: BreakClass | 'none', amount: bigint) => {
    if (cls === 'none') return;
    const { count, amount: sum } = counts.get(cls) ?? { count: 0, amount: 0n };
    counts.set(cls, { count: count + 1, amount: sum + amount });
  };
  for (const item of items)
    if (item.class === 'matched' || item.class === 'date_mismatch') add(item.class, item.amount);
  for (const finding of findings) add(finding.class, finding.atStake);
  return [...counts].map(([cls, sums]) => ({ class: cls, ...sums })).sort((a, b) => (a.class < b.class ? -1 : 1));
}

function digestOf(result: { items: readonly Item[]; findings: readonly Finding[] }): string {
  const digest = createHash('sha256');
  const write = (values: readonly unknown[]) =>
    digest.update(`${values.map((value) => String(value)).join('\u001f')}\n`);
  for (const { key, refNo, txnId, branch, acquiringBranch, channel, partner, ...item } of result.items) {
    write([item.id, item.kind, item.class, item.matched, key, refNo, txnId, item.amount, item.fee, item.currency]);
    write([branch, acquiringBranch, channel, partner]);
  }
  for (const finding of result.findings) {
    const { id, kind, row, leg, key, refNo, txnId, atStake, pAmount, gAmount, bAmount } = finding;
    write([id, kind, row, finding.class, finding.wait, leg, key, refNo, txnId, atStake, pAmount, gAmount, bAmount]);
    write([finding.pState, finding.gState, finding.bState, finding.itemId, finding.suggested, finding.auto]);
  }
  return digest.digest('hex');
}
