import { Injectable } from '@nestjs/common';
import { RaiseAlarm } from '../alarms/raise-alarm';
import {
  again,
  done,
  failed,
  type StepOutcome,
  type StepRow,
  type StepWork,
  type TellProgress,
} from '../close/step-work';
import { hashOf } from '../matching/identity';
import { RunsStore } from '../matching/runs.store';
import { planRules } from './auto-rules';
import { stepsOf, type Break } from './break';
import { BreaksStore } from './breaks.store';
import { CarryOut } from './carry-out';
import { ResolutionsStore } from './resolutions.store';
import { RulesStore } from './rules.store';

const PAUSE_MS = 1_000;
/** After so many pauses the night goes on; what still works is finished by the job. */
const PATIENCE = 20;

/** Step `resolve`: rules settle what they may, within their limits, each item through its own door with its own key. */
@Injectable()
export class ResolveDay implements StepWork {
  readonly name = 'resolve';

  constructor(
    private readonly breaks: BreaksStore,
    private readonly resolutions: ResolutionsStore,
    private readonly carryOut: CarryOut,
    private readonly runs: RunsStore,
    private readonly rules: RulesStore,
    private readonly alarm: RaiseAlarm,
  ) {}

  async run({ provider, date, tries }: StepRow, _lost?: AbortSignal, tell?: TellProgress): Promise<StepOutcome> {
    const run = await this.runs.current(provider, date);
    if (!run) return failed('there is no run to resolve');
    const rows = await this.breaks.forRules(provider, date);
    const [limits, used] = [await this.rules.limits(date), await this.rules.used(provider, date)];
    const plan = planRules(rows, run.statement.lines, { limits, used });
    for (const stopped of plan.stopped)
      await this.stop(provider, date, rows, stopped.class, `rule for ${stopped.class} stopped: ${stopped.why}`);
    for (const row of plan.run) await this.decide(row);
    const pending = await this.resolutions.pendingOf(provider, date);
    for (const [place, resolution] of pending.entries()) {
      await this.carryOut.attempt(resolution);
      tell?.(place + 1, pending.length);
    }
    const left = (await this.resolutions.pendingOf(provider, date)).length;
    if (left > 0 && tries < PATIENCE) return again(PAUSE_MS, `${left} resolutions under way`);
    return done(hashOf(run.runId, String(plan.run.length), String(left)));
  }

  private async decide(row: Break): Promise<void> {
    const rule = `rule:${row.class}`;
    await this.breaks.transaction(async (tx) => {
      const detail = `row ${row.row_no}: ${row.steps}`;
      const moved = await this.breaks.move(tx, row, { to: 'resolving', what: 'rule', actor: rule, detail });
      if (!moved) return;
      await this.resolutions.create(tx, row, {
        steps: stepsOf(row),
        byRule: true,
        actor: rule,
        approver: rule,
        detail,
      });
    });
  }

  /** Past a limit the whole rule stops: its items wait for people, who are told. */
  private async stop(provider: string, date: string, rows: readonly Break[], cls: string, why: string): Promise<void> {
    await this.alarm.execute({ kind: 'rule_stopped', provider, date, detail: why });
    for (const row of rows.filter((one) => one.class === cls))
      await this.breaks.transaction(async (tx) => {
        await this.breaks.handOver(tx, row, { what: 'rule_stopped', actor: `rule:${cls}`, detail: why });
      });
  }
}
