import { Inject, Injectable } from '@nestjs/common';
import type { ResolutionAction } from '@yidian/contracts';
import type { Logger } from '@yidian/telemetry';
import { LOGGER, RaiseAlarm } from '../alarms/raise-alarm';
import { StatementsStore } from '../statements/statements.store';
import { stepsOf, type Break } from './break';
import { BreaksStore } from './breaks.store';
import type { DoorAnswer } from './door-answer';
import { Doors } from './doors';
import { ResolutionsStore, type Resolution } from './resolutions.store';

/** How often a requery step asks before it counts as asked. */
const QUESTIONS = 3;

/**
 * Executes one resolution as far as its door answers now. An exception leaves it pending: it is asked again with the same
 * keys. A refusal gives the break back to people with the reason; a rule does not try it twice.
 */
@Injectable()
export class CarryOut {
  constructor(
    private readonly breaks: BreaksStore,
    private readonly resolutions: ResolutionsStore,
    private readonly doors: Doors,
    private readonly statements: StatementsStore,
    private readonly alarm: RaiseAlarm,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Leaves neighbours alone: what throws is brought back by its lease. */
  async attempt(resolution: Resolution): Promise<void> {
    try {
      await this.execute(resolution);
    } catch (error) {
      this.logger.warn({ resolution: resolution.rkey, tries: resolution.tries, err: error }, 'will be tried again');
    }
  }

  async execute(resolution: Resolution): Promise<void> {
    if (!(await this.resolutions.claim(resolution))) return;
    const row = await this.breaks.get(resolution.break_id);
    const action = stepsOf(resolution)[resolution.step_no];
    if (!row || !action) throw new Error(`resolution ${resolution.rkey} has nothing to do`);
    const answer = await this.ask(row, resolution, action);
    const last = resolution.step_no + 1 >= stepsOf(resolution).length;
    if (answer.kind === 'working') return this.resolutions.askAgain(resolution, answer.detail);
    if (answer.kind === 'open' && !last) return this.resolutions.nextStep(resolution, answer.detail);
    if (answer.kind === 'done' && !last && action !== 'requery')
      return this.resolutions.nextStep(resolution, answer.detail);
    if (answer.kind === 'done' && row.kind === 'file' && row.class === 'control_total' && action === 'accept')
      await this.statements.accept(row.provider, row.date, row.leg);
    await this.end(row, resolution, answer);
  }

  /** A question that stays without an end is not asked for ever: its rule goes on to what may be done without one. */
  private async ask(row: Break, resolution: Resolution, action: ResolutionAction): Promise<DoorAnswer> {
    const answer = await this.doors.carryOut(row, resolution, action);
    const enough = action === 'requery' && resolution.tries >= QUESTIONS;
    return answer.kind === 'working' && enough ? { kind: 'open', detail: answer.detail } : answer;
  }

  private async end(
    row: Break,
    resolution: Resolution,
    answer: Exclude<DoorAnswer, { kind: 'working' }>,
  ): Promise<void> {
    const { detail } = answer;
    const settleAs = answer.kind === 'done' ? answer.settleAs : null;
    const state = answer.kind === 'done' ? 'done' : answer.kind === 'claimed' ? 'claimed' : 'refused';
    await this.breaks.transaction(async (tx) => {
      if (!(await this.resolutions.finish(tx, resolution, { state, detail, settleAs }))) return;
      if (state === 'claimed' || settleAs !== null) {
        await this.breaks.note(tx, row, { what: state, actor: resolution.actor, detail });
        return;
      }
      const what = state === 'done' ? 'resolved' : 'given_back';
      const moved = await this.breaks.move(tx, row, {
        to: state === 'done' ? 'resolved' : 'open',
        ...{ what, actor: resolution.actor, detail },
        set: state === 'done' ? resolvedBy(resolution, detail) : { auto: 0, resolution_detail: detail.slice(0, 300) },
      });
      if (!moved) throw new Error(`break ${row.id} moved while its resolution was carried out`);
    });
    if (state === 'refused' && resolution.by_rule === 0) await this.tell(row, `resolution refused: ${detail}`);
  }

  private tell(row: Break, detail: string): Promise<void> {
    return this.alarm.execute({
      kind: 'resolution_refused',
      provider: row.provider,
      date: row.date,
      detail: `${row.id}: ${detail}`,
    });
  }
}

/** The action that ended it: of several steps the last one done. */
export function resolvedBy(resolution: Resolution, detail: string) {
  return {
    resolved_action: stepsOf(resolution)[resolution.step_no] ?? null,
    resolved_by: resolution.approver,
    resolved_at: new Date(),
    resolution_detail: detail.slice(0, 300),
  };
}
