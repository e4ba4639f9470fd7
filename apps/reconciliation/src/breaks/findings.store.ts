import { Injectable } from '@nestjs/common';
import type { Queryable } from '@yidian/database';
import { addDays, daysFrom } from '../dates';
import { STANDING, type Finding, type Judgement, type StandingKind } from '../matching/result';
import type { Break } from './break';
import { BreaksStore } from './breaks.store';
import { UNSETTLED } from './break.states';

const ROWS = 200;
const DAYS_TO_CLEAR = 3;
const NOT_FOUND_AGAIN = 'rule:not_found_again';
const OTHER_HALF = 'rule:other_half';

interface Scope {
  provider: string;
  date: string;
  kind: StandingKind;
  /** Only those of this very date: another date has a comparison of its own. */
  ofDate?: true;
}

interface Day {
  runId: string;
  provider: string;
  date: string;
}

/**
 * Writes what a run found, in the run's own transaction: new differences, known ones (whose decisions stay), those that a
 * replaced file no longer shows, earlier items that met their other half, and suspense whose wait is over.
 */
@Injectable()
export class FindingsStore {
  constructor(private readonly breaks: BreaksStore) {}

  async report(tx: Queryable, day: Day, findings: readonly Finding[], closes: Judgement['closes']): Promise<void> {
    const rows = await tx.select<Break>(
      'SELECT * FROM recon_break WHERE provider = ? AND date = ? AND kind NOT IN (?) FOR UPDATE',
      [day.provider, day.date, STANDING],
    );
    const known = new Map(rows.map((row) => [row.id, row]));
    const fresh = findings.filter((finding) => !known.has(finding.id));
    await this.insert(tx, day, fresh);
    for (const finding of findings) {
      const row = known.get(finding.id);
      if (row) await this.foundAgain(tx, day, row, finding);
    }
    const found = new Set(findings.map((finding) => finding.id));
    for (const row of rows) if (!found.has(row.id)) await this.gone(tx, day, row);
    await this.carried(tx, day, closes);
  }

  /**
   * All that one comparison shows, whatever the date: what it shows for the first time is of this date, what it shows no more
   * is over. Found again, a difference keeps its first date, and so its age.
   *
   * @param judged of a comparison that looked at a part only: what it has said anything about; the rest stays as it is
   */
  async stand(tx: Queryable, scope: Scope, findings: readonly Finding[], judged?: ReadonlySet<string>): Promise<void> {
    const found = new Map(findings.map((finding) => [finding.id, finding]));
    const rows = await tx.select<Break>(
      `SELECT * FROM recon_break WHERE provider = ? AND kind = ? AND (state IN (?) OR id IN (?))
       ${scope.ofDate ? 'AND date = ?' : ''} FOR UPDATE`,
      [scope.provider, scope.kind, UNSETTLED, ['', ...found.keys()], ...(scope.ofDate ? [scope.date] : [])],
    );
    const known = new Set(rows.map(({ id }) => id));
    const fresh = [...found.values()].filter(({ id }) => !known.has(id));
    await this.insert(tx, { provider: scope.provider, date: scope.date, runId: '' }, fresh);
    for (const row of rows) {
      const finding = found.get(row.id);
      if (finding) await this.stillThere(tx, scope.date, row, finding);
      else if (judged && !judged.has(row.id)) continue;
      else if (row.state === 'resolving') await this.conceded(tx, row, scope.date);
      else if (UNSETTLED.includes(row.state)) await this.close(tx, row, NOT_FOUND_AGAIN, `not there on ${scope.date}`);
    }
  }

  private async stillThere(tx: Queryable, asOf: string, row: Break, finding: Finding): Promise<void> {
    if (row.state === 'suspense' && row.wait_until <= asOf)
      return void (await this.breaks.move(tx, row, {
        ...{ to: 'open', what: 'wait_over', actor: 'system', detail: `by ${asOf}` },
      }));
    const wait = daysFrom(row.date, row.wait_until);
    await this.foundAgain(tx, { provider: row.provider, date: row.date, runId: row.run_id }, row, { ...finding, wait });
  }

  /** One finding of its own, before there is a run. Found again it stays as it is. */
  async add(provider: string, date: string, finding: Finding): Promise<void> {
    await this.breaks.transaction(async (tx) => {
      const [known] = await tx.select('SELECT id FROM recon_break WHERE id = ? FOR UPDATE', [finding.id]);
      if (!known) await this.insert(tx, { provider, date, runId: '' }, [finding]);
    });
  }

  private async insert(tx: Queryable, day: Day, findings: readonly Finding[]): Promise<void> {
    const now = new Date();
    for (let from = 0; from < findings.length; from += ROWS) {
      const rows = findings.slice(from, from + ROWS).map((finding) => ({
        ...columns(day, finding),
        id: finding.id,
        provider: day.provider,
        date: day.date,
        kind: finding.kind,
        state: finding.wait > 0 ? 'suspense' : 'open',
        auto: finding.auto ? 1 : 0,
        version: 1,
        created_at: now,
        due_on: dueOn(day.date, finding),
      }));
      const names = Object.keys(rows[0] ?? {});
      await tx.run(`INSERT INTO recon_break (${names.join(', ')}) VALUES ?`, [rows.map((row) => Object.values(row))]);
      await tx.run('INSERT INTO break_event (break_id, version, what, actor, detail, at) VALUES ?', [
        rows.map((row) => [row.id, 1, 'found', 'system', `${row.class}, row ${row.row_no}, run ${day.runId}`, now]),
      ]);
    }
  }

  /** Decisions stay; what they are about is brought up to date, and a changed content is a new version for who approves. */
  private async foundAgain(tx: Queryable, day: Day, row: Break, finding: Finding): Promise<void> {
    if (row.state === 'resolved' && row.resolved_by === NOT_FOUND_AGAIN) {
      const set = { ...columns(day, finding), resolved_action: null, resolved_by: null, resolved_at: null };
      const event = { what: 'found_again', actor: 'system', detail: `run ${day.runId}` };
      await this.breaks.move(tx, row, { to: finding.wait > 0 ? 'suspense' : 'open', ...event, set });
      return;
    }
    const next = columns(day, finding);
    const settled = row.state === 'resolved' || row.state === 'resolving';
    const changed = Object.entries(next).filter(([name, value]) => !same(row[name], value));
    const wanted = settled ? changed.filter(([name]) => name === 'run_id') : changed;
    if (wanted.length === 0) return;
    const onlyRun = wanted.every(([name]) => name === 'run_id');
    await tx.run(
      `UPDATE recon_break SET ${wanted.map(([name]) => `${name} = ?`).join(', ')}${onlyRun ? '' : ', version = version + 1'}
       WHERE id = ?`,
      [...wanted.map(([, value]) => value), row.id],
    );
    if (onlyRun) return;
    const detail = wanted.map(([name, value]) => `${name}: ${String(row[name])} → ${String(value)}`).join('; ');
    await this.breaks.event(tx, { ...row, version: row.version + 1 }, { what: 'changed', actor: 'system', detail });
  }

  private async gone(tx: Queryable, day: Day, row: Break): Promise<void> {
    if (!UNSETTLED.includes(row.state) || row.state === 'resolving') return;
    await this.close(tx, row, NOT_FOUND_AGAIN, `not found by run ${day.runId}`);
  }

  private async carried(tx: Queryable, day: Day, closes: Judgement['closes']): Promise<void> {
    const rows = await tx.select<Break>(
      `SELECT * FROM recon_break WHERE provider = ? AND date < ? AND state IN (?) AND kind IN ('payment', 'refund', 'line')
       FOR UPDATE`,
      [day.provider, day.date, UNSETTLED],
    );
    const ends = new Set(closes.map(({ kind, key, leg }) => `${kind} ${key} ${leg}`));
    for (const row of rows) {
      const settled = ends.has(`${row.kind} ${row.group_key} ${row.leg}`);
      if (settled && row.state !== 'resolving') await this.close(tx, row, OTHER_HALF, `settled by ${day.date}`);
      else if (settled) await this.conceded(tx, row, day.date);
      else if (row.state === 'suspense' && row.wait_until <= day.date)
        await this.breaks.move(tx, row, { to: 'open', what: 'wait_over', actor: 'system', detail: `by ${day.date}` });
    }
  }

  private async close(tx: Queryable, row: Break, by: string, detail: string): Promise<void> {
    const set = {
      resolved_action: 'accept' as const,
      resolved_by: by,
      resolved_at: new Date(),
      resolution_detail: detail,
    };
    await this.breaks.move(tx, row, { to: 'resolved', what: 'closed', actor: by, detail, set });
  }

  /** A claim ends when the provider's later line is there; anything else under way ends by itself. */
  private async conceded(tx: Queryable, row: Break, date: string): Promise<void> {
    const ended = await tx.run(
      `UPDATE resolution SET state = 'done', detail = ?
       WHERE break_id = ? AND (state = 'claimed' OR (state = 'pending' AND steps = 'claim_provider'))`,
      [`the provider's line came on ${date}`, row.id],
    );
    if (ended > 0) await this.close(tx, row, OTHER_HALF, `claim settled by ${date}`);
  }
}

/** Counted from the date on which it is a break; what is severe is looked at the next day. */
const dueOn = (date: string, { wait, severe }: Finding): string => addDays(date, wait + (severe ? 1 : DAYS_TO_CLEAR));

function columns(day: Day, finding: Finding) {
  return {
    run_id: day.runId,
    row_no: finding.row,
    class: finding.class as Break['class'],
    wait_until: addDays(day.date, finding.wait),
    group_key: finding.key,
    leg: finding.leg,
    payment_no: finding.paymentNo,
    ref_no: finding.refNo,
    provider_txn_id: finding.txnId,
    branch: finding.branch,
    acquiring_branch: finding.acquiringBranch,
    channel: finding.channel,
    partner: finding.partner,
    at_stake: finding.atStake,
    p_amount: finding.pAmount,
    g_amount: finding.gAmount,
    b_amount: finding.bAmount,
    p_state: finding.pState,
    g_state: finding.gState,
    b_state: finding.bState,
    statement_line: finding.line,
    raw: finding.raw,
    item_id: finding.itemId,
    suggested: finding.suggested,
    steps: finding.steps.join(' '),
    only_if_balance: finding.onlyIfBalance ? 1 : 0,
    severe: finding.severe ? 1 : 0,
  };
}

const same = (left: unknown, right: unknown): boolean => String(left) === String(right);
