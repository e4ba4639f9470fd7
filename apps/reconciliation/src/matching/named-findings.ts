import { Injectable } from '@nestjs/common';
import { standAloneIds } from '@yidian/contracts';
import { fromDigits, toDigits } from '@yidian/money';
import { StatementRowsStore, type ItemRow } from '../statements/statement-rows.store';
import type { Inputs } from './gather-inputs';
import { breakId, hashOf } from './identity';
import type { DayMatch } from './match-day';
import { decideNamed } from './named-table';
import type { Finding } from './result';
import type { Verdict } from './verdict';

const PAGE = 1_000;
/** What of a day's inputs it looks at. */
type NamedInputs = Pick<Inputs, 'provider' | 'date'> & {
  file: Pick<Inputs['file'], 'version'>;
  info: { profile: Pick<Inputs['info']['profile'], 'waits' | 'feeTolerancePerLine'> };
};

/** A file that charges each payment on a line of its own: past these its charges are one finding, the sum of the rest. */
const MOST_FEES = 1_000;

/** Charges, money that came back and what the file does not explain: each is a finding, as it is an item in suspense. */
@Injectable()
export class NamedFindings {
  constructor(private readonly rows: StatementRowsStore) {}

  async execute({ provider, date, file, info }: NamedInputs): Promise<Finding[]> {
    const { waits, feeTolerancePerLine } = info.profile;
    return namedFindings(provider, date, await this.lines({ provider, date, version: file.version }), {
      waits,
      feeTolerance: fromDigits(feeTolerancePerLine),
    });
  }

  private async lines(place: { provider: string; date: string; version: number }): Promise<ItemRow[]> {
    const lines: ItemRow[] = [];
    for (let page: ItemRow[] = [], after = 0; after === 0 || page.length === PAGE; after = page.at(-1)?.n ?? -1) {
      page = await this.rows.items(place, after, PAGE);
      lines.push(...page);
    }
    return lines;
  }
}

interface NamedOptions {
  waits: Readonly<Record<string, number>>;
  feeTolerance: bigint;
}

export function namedFindings(
  provider: string,
  date: string,
  lines: readonly ItemRow[],
  { waits, feeTolerance }: NamedOptions,
): Finding[] {
  const alone = lines.filter(({ kind }) => kind !== 'payout');
  const said = alone.map(({ kind, ourRef, txnId, origTxnId, amount, fee, currency, state }) => ({
    ...{ kind, ourRef, providerTxnId: txnId, origTxnId, amount: toDigits(amount), fee: toDigits(fee), currency, state },
  }));
  const ids = standAloneIds(provider, date, said);
  const findings: Finding[] = [];
  const rest = { count: 0, net: 0n };
  let fees = 0;
  for (const [n, line] of alone.entries()) {
    const net = line.amount - line.fee;
    const verdict = decideNamed({ ...line, net, feeTolerance });
    if (!verdict) continue;
    if (line.kind === 'fee' && verdict.class === 'fee_mismatch' && ++fees > MOST_FEES) {
      rest.count += 1;
      rest.net += net;
      continue;
    }
    const wait = waits[verdict.class] ?? verdict.wait ?? 0;
    findings.push({ ...finding(provider, date, `alone:${ids[n]}`, verdict, net), wait, ...lineOf(line, ids[n] ?? '') });
  }
  if (rest.count > 0) {
    const verdict = { ...feeVerdict(rest.net), wait: 0 };
    findings.push({
      ...finding(provider, date, 'alone:fees', verdict, rest.net),
      raw: `${rest.count} further charges`,
    });
  }
  return findings.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Never within a tolerance: people look at what is told as a sum. */
const feeVerdict = (net: bigint): Verdict => {
  const verdict = decideNamed({ kind: 'fee', net: net || 1n, currency: 'CNY', state: 'success', feeTolerance: -1n });
  if (!verdict) throw new Error('a charge has a row');
  return verdict;
};

/** A line that skips suspense, because it is of another currency, has no item that could be resolved. */
const lineOf = (line: ItemRow, id: string): Partial<Finding> => ({
  ...{ refNo: line.ourRef.slice(0, 40), txnId: line.txnId, line: line.line, raw: line.raw },
  itemId: line.currency === 'CNY' ? id : null,
});

function finding(provider: string, date: string, leg: string, verdict: Verdict, net: bigint): Finding {
  const { row, class: cls, suggested, steps, auto, severe, wait } = verdict;
  return {
    id: breakId(provider, date, 'line', leg, 0),
    ...{ kind: 'line', row, class: cls, wait: wait ?? 0, key: 'line', leg },
    ...{ paymentNo: '', refNo: '', txnId: '', branch: '', acquiringBranch: '', channel: '', partner: '' },
    ...{ atStake: net, pAmount: net, gAmount: null, bAmount: null, pState: 'success', gState: null, bState: null },
    ...{ line: null, raw: null, itemId: null },
    ...{ suggested, steps, auto: auto !== 'no', onlyIfBalance: false, severe },
  };
}

/** Lines of no payment are findings of the day like any other. */
export function withNamed(result: DayMatch, named: readonly Finding[]): DayMatch {
  if (named.length === 0) return result;
  const counts = new Map(result.counts.map((one) => [one.class, { ...one }]));
  for (const { class: cls, atStake } of named) {
    if (cls === 'none') continue;
    const { count, amount } = counts.get(cls) ?? { count: 0, amount: 0n };
    counts.set(cls, { class: cls, count: count + 1, amount: amount + atStake });
  }
  return {
    ...result,
    counts: [...counts.values()].sort((a, b) => (a.class < b.class ? -1 : 1)),
    findings: [...result.findings, ...named],
    digest: hashOf(result.digest, ...named.map(({ id, wait, auto }) => `${id} ${wait} ${auto}`)),
  };
}
