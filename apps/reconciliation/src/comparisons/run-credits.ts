import { Injectable } from '@nestjs/common';
import type { CreditFileReply, NumberDifference, NumbersCompared } from '@yidian/contracts';
import { RaiseAlarm } from '../alarms/raise-alarm';
import { BreaksStore } from '../breaks/breaks.store';
import { FindingsStore } from '../breaks/findings.store';
import { Peers } from '../peers';
import { creditBridge, creditFindings, MOST_DIFFERENCES, missingFile, provinceOf } from './credit-findings';
import { CreditRunsStore, type CreditRun } from './credit-runs.store';
import { numberBreakId, numberFindings } from './number-findings';

/** A file may have to be fetched from the province first. */
const FETCH_MS = 60_000;

interface Numbers {
  asked: number;
  unanswered: string[];
  /** About whom the province has said something; one that left it is asked about no more, and that is an answer. */
  judged: string[];
  differences: NumberDifference[];
}

/**
 * The credit run of a branch that keeps its own billing system: its own daily file is the book, beside our orders; and the
 * numbers it credited are compared by owner and state. Run again with the same file it finds the same breaks.
 */
@Injectable()
export class RunCredits {
  constructor(
    private readonly runs: CreditRunsStore,
    private readonly breaks: BreaksStore,
    private readonly findings: FindingsStore,
    private readonly peers: Peers,
    private readonly alarm: RaiseAlarm,
  ) {}

  /** Does it keep a billing system of its own, or did it on that date: of another branch no file is ever wanted. */
  async isProvince(branch: string, date: string): Promise<boolean> {
    if ((await this.runs.between(date, date, branch)).length > 0) return true;
    return (await this.peers.billing.call('bss.branches', {})).branches.includes(branch);
  }

  /** Null: the file is not there yet. */
  async execute(branch: string, date: string, refetch = false): Promise<CreditRun | null> {
    await this.runs.want(branch, date);
    const reply = await this.file(branch, date, refetch);
    if (reply.state !== 'ready' && reply.state !== 'none_today') return null;
    const numbers = await this.numbers(branch, date);
    const run = runOf({ ...reply, state: reply.state }, numbers);
    await this.write(run, reply, numbers);
    if (run.residual !== 0n)
      await this.alarm.once(`credit_residual ${branch} ${date} ${run.version}`, {
        ...{ kind: 'credit_residual', provider: provinceOf(branch), date },
        detail: `${run.residual} fen between the province's file and our orders have no name`,
      });
    return run;
  }

  /** With its differences, page by page. @throws when another version came meanwhile: its turn is the next */
  private async file(branch: string, date: string, refetch: boolean): Promise<CreditFileReply> {
    const file = await this.peers.billing.call('bss.credit_file', { branch, date, refetch }, FETCH_MS);
    const differences = [...file.differences];
    for (let { differencesNext: after } = file; after !== undefined && differences.length < MOST_DIFFERENCES;) {
      const asked = { branch, date, differencesAfter: after };
      const page: CreditFileReply = await this.peers.billing.call('bss.credit_file', asked, FETCH_MS);
      if (page.version !== file.version) throw new Error(`version ${page.version} of ${branch} ${date} came meanwhile`);
      differences.push(...page.differences);
      after = page.differencesNext;
    }
    return { ...file, differences };
  }

  /** A break like any other: it has an owner, grows old, and can be accepted. */
  async missing(branch: string, date: string): Promise<void> {
    const scope = { provider: provinceOf(branch), date, kind: 'credit', ofDate: true } as const;
    await this.breaks.transaction((tx) => this.findings.stand(tx, scope, [missingFile(branch, date)]));
  }

  private write(run: CreditRun, reply: CreditFileReply, numbers: Numbers): Promise<void> {
    const { branch, date } = run;
    const scope = { provider: provinceOf(branch), date };
    const judged = new Set(numbers.judged.map((subscriberId) => numberBreakId(branch, subscriberId)));
    return this.breaks.transaction(async (tx) => {
      await this.findings.stand(tx, { ...scope, kind: 'credit', ofDate: true }, creditFindings(reply));
      const found = numberFindings(branch, numbers.differences);
      await this.findings.stand(tx, { ...scope, kind: 'number' }, found, judged);
      await this.runs.keep(tx, run);
    });
  }

  /** Numbers about which there is a break are asked about again, whenever they were credited. */
  private async numbers(branch: string, date: string): Promise<Numbers> {
    const also = await this.breaks.openKeys(provinceOf(branch), 'number', MOST_NAMED);
    const all: Numbers = { asked: 0, unanswered: [], judged: [], differences: [] };
    for (let after: string | null = ''; after !== null;) {
      const page: NumbersCompared = await this.peers.billing.call(
        'bss.compare_numbers',
        { branch, date, after, also },
        FETCH_MS,
      );
      all.asked += page.asked;
      all.unanswered.push(...page.unanswered);
      all.judged.push(...page.same, ...page.differences.map(({ subscriberId }) => subscriberId));
      all.differences.push(...page.differences);
      after = page.next;
    }
    const silent = new Set(all.unanswered);
    all.judged.push(...also.filter((subscriberId) => !silent.has(subscriberId)));
    return { ...all, differences: [...new Map(all.differences.map((one) => [one.subscriberId, one])).values()] };
  }
}

const MOST_NAMED = 500;

function runOf(reply: CreditFileReply & { state: 'ready' | 'none_today' }, numbers: Numbers): CreditRun {
  const { parts, residual } = creditBridge(reply);
  const { branch, date, state, version, sha256, lines, agrees } = reply;
  return {
    ...{ branch, date, state, version, sha256, lines, agrees, residual },
    ...{ amount: BigInt(reply.amount), ours: BigInt(reply.ours) },
    parts: JSON.stringify(parts.map(({ name, amount, count }) => ({ name, amount: String(amount), count }))),
    found: reply.differences.length + reply.findings.length,
    ...{ numbersAsked: numbers.asked, numbersUnanswered: numbers.unanswered.length },
    updatedAt: new Date(),
  };
}
