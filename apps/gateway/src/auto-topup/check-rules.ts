import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@yidian/http';
import { fromDigits } from '@yidian/money';
import type { GatewayConfig } from '../gateway.config';
import { shortYuan, yuan } from '../notifications/sms-words';
import { beijingDay } from '../payments/beijing';
import type { FoundNumber } from '../payments/billing.client';
import { CONFIG } from '../platform';
import { beijingHour, dayWords, laterDay, nextMonthly } from './auto-dates';
import type { AutoRuleRow, OccasionRow } from './auto.rows';
import { AutoStore } from './auto.store';
import { AutoTexts } from './auto-texts';
import { AutoPayees } from './payee';
import { sizeTopup, type Sized } from './size-topup';

/** The hour at which automatic top-ups are made: people are awake, and so are banks. */
export const AUTO_HOUR = 10;
const BUSY_MS = 60_000;
/** What a branch has said by itself is believed for that long. */
const TOLD_FOR_MS = 3_600_000;

/** Looks whether a rule calls for a top-up, and if so opens the occasion and tells its payer before anything is taken. */
@Injectable()
export class CheckRules {
  constructor(
    private readonly store: AutoStore,
    private readonly payees: AutoPayees,
    private readonly texts: AutoTexts,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async sweep(now: Date = new Date()): Promise<void> {
    for (const rule of await this.store.dueRules(100)) await this.check(rule, now);
  }

  private async check(rule: AutoRuleRow, now: Date): Promise<void> {
    const day = nextMonthly(now, rule.day_of_month ?? 1, AUTO_HOUR);
    const next = rule.kind === 'calendar' ? this.noticeOf(dayAfter(day, rule)) : this.nextCheck(now);
    if (!(await this.store.claimRule(rule, next))) return;
    const payee = await this.payees.of(rule);
    if (payee === 'busy') {
      await this.store.claimRule({ ...rule, due_at: next }, new Date(now.getTime() + BUSY_MS));
    } else if ('gone' in payee) {
      await this.store.moveRule(rule, 'ended', { decision: { state: 'ended', what: payee.gone, amount: null } });
    } else if (rule.kind === 'calendar') {
      await this.open(rule, { day, occasion: `C-${day}`, amount: rule.amount ?? 0n }, now);
    } else await this.threshold(rule, payee.found, now);
  }

  private async threshold(rule: AutoRuleRow, found: FoundNumber, now: Date): Promise<void> {
    if (await this.store.hasOpen(rule.id)) return;
    const { AUTO_NOTICE_DAYS: days } = this.config;
    const today = beijingDay(now);
    const day = laterDay(today, days);
    const used = await this.store.used(rule.id, day);
    if (used.today >= rule.day_count) return;
    const sized = await this.size(rule, found, rule.month_cap - used.month, now);
    if (sized === null || !('topUp' in sized)) return;
    await this.open(rule, { day, occasion: `T-${day}-${used.today + 1}`, amount: sized.topUp }, now);
  }

  /** null: nobody says what the number has. */
  async size(rule: AutoRuleRow, found: FoundNumber, left: bigint, now: Date): Promise<Sized | null> {
    const told = rule.told_at !== null && now.getTime() - rule.told_at.getTime() < TOLD_FOR_MS;
    const balance = found.balance === null ? (told ? rule.told_balance : null) : fromDigits(found.balance);
    if (balance === null) return null;
    const { min, max, step } = found.accepts;
    return sizeTopup({
      ...{ balance, left, threshold: rule.threshold ?? 0n, target: rule.target ?? 0n },
      underWay: await this.store.underWay(rule.msisdn_blind, rule.id),
      accepts: { min: fromDigits(min), max: fromDigits(max), step: fromDigits(step) },
    });
  }

  private async open(
    rule: AutoRuleRow,
    { day, occasion, amount }: Pick<OccasionRow, 'day' | 'occasion' | 'amount'>,
    now: Date,
  ): Promise<void> {
    const noticed = this.config.AUTO_NOTICE_DAYS > 0;
    const row: OccasionRow = {
      ...{ id: newId('occ'), rule_id: rule.id, occasion, state: 'noticed', msisdn_blind: rule.msisdn_blind, amount },
      ...{ try_no: 1, payment_no: null, code: null, day, due_at: noticed ? beijingHour(day, AUTO_HOUR) : now },
      ...{ created_at: now, updated_at: now, agreement_id: null, by_batch: 0 },
    };
    const params = { day: dayWords(day, now), amount: yuan(amount), pay: await this.texts.pay(rule) };
    const texts = noticed ? this.texts.of(rule, 'auto_before', params, `auto-${row.id}-before`) : [];
    const what = `${occasion}: ${shortYuan(amount)} yuan on ${day}`;
    await this.store.open(row, rule, { decision: { state: 'noticed', what, amount }, texts });
  }

  /** When a calendar day's payer is told. */
  noticeOf(day: string): Date {
    return beijingHour(laterDay(day, -this.config.AUTO_NOTICE_DAYS), AUTO_HOUR);
  }

  nextCheck(now: Date): Date {
    return new Date(now.getTime() + this.config.AUTO_CHECK_MINUTES * 60_000);
  }
}

/** The same day of the month after it. */
const dayAfter = (day: string, rule: AutoRuleRow): string =>
  nextMonthly(beijingHour(day, AUTO_HOUR), rule.day_of_month ?? 1, AUTO_HOUR);
