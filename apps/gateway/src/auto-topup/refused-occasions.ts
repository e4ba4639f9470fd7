import { Inject, Injectable } from '@nestjs/common';
import type { GatewayConfig } from '../gateway.config';
import { declineWords } from '../notifications/sms-words';
import { beijingDay } from '../payments/beijing';
import { CONFIG } from '../platform';
import { beijingHour, dayWords, laterDay } from './auto-dates';
import type { AutoRuleRow, OccasionRow } from './auto.rows';
import { AutoStore } from './auto.store';
import { AutoTexts, whoWords } from './auto-texts';
import { AUTO_HOUR } from './check-rules';

/** An automatic top-up that was refused: tried again by the calendar, its payer told each time, stopped after so many in a row. */
@Injectable()
export class RefusedOccasions {
  constructor(
    private readonly store: AutoStore,
    private readonly texts: AutoTexts,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async execute(row: OccasionRow, rule: AutoRuleRow, code: string, now: Date): Promise<void> {
    const days = this.config.AUTO_RETRY_DAYS[row.try_no - 1];
    const fails = rule.fails + 1;
    const pay = await this.texts.pay(rule);
    const why = declineWords(code);
    if (fails >= this.config.AUTO_STOP_AFTER) return this.stop(row, rule, code, fails);
    if (days === undefined) {
      const texts = this.texts.of(rule, 'auto_failed', { pay, why }, `auto-${row.id}-failed`);
      const along = { decision: { state: 'given_up', what: `refused: ${code}`, amount: row.amount }, texts };
      if (await this.store.move(row, rule, { to: 'given_up', code }, along)) await this.store.tried(rule, false);
      return;
    }
    const day = laterDay(beijingDay(now), days);
    const texts = this.texts.of(
      rule,
      'auto_retry',
      { pay, why, day: dayWords(day, now) },
      `auto-${row.id}-${row.try_no}`,
    );
    const what = `refused: ${code}; again on ${day}`;
    const change = { to: 'noticed', tryNo: row.try_no + 1, code, day, dueAt: beijingHour(day, AUTO_HOUR) } as const;
    const moved = await this.store.move(row, rule, change, {
      decision: { state: 'declined', what, amount: row.amount },
      texts,
    });
    if (moved) await this.store.tried(rule, false);
  }

  /** The card rests for a time: nothing was refused, and nobody is told what its owner knows. */
  async rests(row: OccasionRow, rule: AutoRuleRow, until: Date): Promise<void> {
    const what = `debits rest until ${until.toISOString()}`;
    const change = {
      to: 'noticed',
      tryNo: row.try_no + 1,
      code: 'rests',
      day: beijingDay(until),
      dueAt: until,
    } as const;
    await this.store.move(row, rule, change, { decision: { state: 'rests', what, amount: row.amount } });
  }

  async gone(row: OccasionRow, rule: AutoRuleRow, code: string): Promise<void> {
    const decision = { state: 'given_up', what: code, amount: row.amount };
    await this.store.move(row, rule, { to: 'given_up', code }, { decision });
    await this.store.moveRule(rule, 'ended', { decision: { state: 'ended', what: code, amount: null } });
  }

  private async stop(row: OccasionRow, rule: AutoRuleRow, code: string, fails: number): Promise<void> {
    const decision = { state: 'given_up', what: `refused: ${code}`, amount: row.amount };
    if (!(await this.store.move(row, rule, { to: 'given_up', code }, { decision }))) return;
    await this.store.tried(rule, false);
    const params = { who: whoWords(rule), times: String(fails) };
    const texts = this.texts.of(rule, 'auto_stopped', params, `auto-${row.id}-stopped`);
    const what = `stopped: refused ${fails} times in a row`;
    await this.store.moveRule(rule, 'stopped', { decision: { state: 'stopped', what, amount: null }, texts });
  }
}
