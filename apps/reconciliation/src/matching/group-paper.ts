import type { StatementLine } from '../statements/statement';
import { orphanKey } from './group';
import { breakId, itemId } from './identity';
import type { Case } from './case';
import type { BridgePart, Finding, FindingKind, Item, Judgement } from './result';
import type { Verdict, VerdictClass } from './verdict';

type Place = Pick<Finding, 'branch' | 'acquiringBranch' | 'channel' | 'partner'>;

export interface FindingInput {
  kind: FindingKind;
  leg: string;
  verdict: Verdict;
  refNo?: string;
  line?: StatementLine | null;
  item?: Item | null;
  txnId?: string;
  atStake: bigint;
  p: [amount: bigint | null, state: string | null];
  g: [amount: bigint | null, state: string | null];
  b: [amount: bigint | null, state: string | null];
}

/** What is written down about one group: items, findings and bridge parts, each with its stable id. */
export class GroupPaper {
  private readonly items: Item[] = [];
  private readonly findings: Finding[] = [];
  private readonly parts: BridgePart[] = [];
  private readonly closes: Judgement['closes'] = [];
  private readonly seen = new Map<string, number>();
  private readonly place: Place;

  constructor(private readonly open: Case) {
    const { gateway, billing } = open.group;
    const source = gateway.find((fact) => fact.kind === 'paid') ?? gateway[0] ?? billing[0];
    const { branch = '', acquiringBranch = '', channel = '', partner = '' } = source ?? {};
    this.place = { branch, acquiringBranch, channel, partner };
  }

  item(line: StatementLine, cls: VerdictClass, matched: boolean): Item {
    const { provider, date, group } = this.open;
    const item: Item = {
      id: itemId(provider, date, line.kind, line.txnId, this.occurrence(`item/${line.kind}/${line.txnId}`)),
      kind: line.kind,
      class: cls,
      matched,
      key: group.key,
      paymentNo: group.paymentNo,
      refNo: line.ourRef,
      txnId: line.txnId,
      amount: line.amount,
      fee: line.fee,
      currency: line.currency,
      ...this.place,
    };
    this.items.push(item);
    return item;
  }

  finding(input: FindingInput): void {
    const { kind, leg, verdict, line = null } = input;
    const { provider, date, group, waits, allowsReturns } = this.open;
    const id = `${group.key}/${leg}`;
    this.findings.push({
      id: breakId(provider, date, kind, id, this.occurrence(`${kind}/${leg}`)),
      kind,
      row: verdict.row,
      class: verdict.class,
      wait: waits[verdict.class] ?? verdict.wait ?? 0,
      key: group.key,
      leg,
      paymentNo: group.paymentNo,
      refNo: input.refNo ?? line?.ourRef ?? '',
      txnId: input.txnId ?? line?.txnId ?? '',
      ...this.place,
      atStake: input.atStake,
      pAmount: input.p[0],
      gAmount: input.g[0],
      bAmount: input.b[0],
      pState: input.p[1],
      gState: input.g[1],
      bState: input.b[1],
      line: line?.line ?? null,
      raw: line?.raw ?? null,
      itemId: input.item?.id ?? null,
      suggested: verdict.suggested,
      steps: verdict.steps,
      auto: verdict.auto === 'returns' ? allowsReturns : verdict.auto !== 'no',
      onlyIfBalance: verdict.auto === 'balance',
      severe: verdict.severe,
    });
  }

  part(bridge: BridgePart['bridge'], name: string, amount: bigint): void {
    if (amount !== 0n) this.parts.push({ bridge, name, amount });
  }

  close(kind: FindingKind, leg: string): void {
    this.closes.push({ kind, key: this.open.group.key, leg });
    // What stood under the provider's transaction only, because nobody knew whose it was, is this payment's now.
    for (const line of this.open.group.prior)
      if (!line.paymentNo && this.open.group.paymentNo) this.closes.push({ kind, key: orphanKey(line.txnId), leg });
  }

  judgement(): Judgement {
    const { items, findings, parts, closes } = this;
    return { items, findings, parts, closes };
  }

  private occurrence(name: string): number {
    const count = this.seen.get(name) ?? 0;
    this.seen.set(name, count + 1);
    return count;
  }
}
