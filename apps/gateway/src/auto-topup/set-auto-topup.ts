import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { newId } from '@yidian/http';
import { fromDigits, fromJson } from '@yidian/money';
import { AgreementsStore, type LinkedRow } from '../agreements/agreements.store';
import type { GatewayConfig } from '../gateway.config';
import { PersonNumbers } from '../notifications/person-number';
import { SmsSender } from '../notifications/sms-sender';
import { shortYuan } from '../notifications/sms-words';
import { BillingClient, type FoundNumber } from '../payments/billing.client';
import { CONFIG } from '../platform';
import { nextMonthly } from './auto-dates';
import type { SetAutoTopup } from './auto.schema';
import type { AutoRuleRow } from './auto.rows';
import { AutoBell } from './auto-bell';
import { AutoStore } from './auto.store';
import { whoWords } from './auto-texts';
import { AUTO_HOUR, CheckRules } from './check-rules';

/** Sets, changes and ends the standing orders of a payer, for the own number or for one that has agreed. */
@Injectable()
export class SetAutoTopups {
  constructor(
    private readonly store: AutoStore,
    private readonly agreements: AgreementsStore,
    private readonly billing: BillingClient,
    private readonly numbers: PersonNumbers,
    private readonly rules: CheckRules,
    private readonly sms: SmsSender,
    private readonly bell: AutoBell,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /**
   * @param answers id of the text that tells it, for an order that may be taken up again after a crash: told once all the same
   * @throws Problem not_found, consent_missing, agreement_not_active, amount_below_minimum, amount_above_maximum, amount_step
   */
  async execute(payer: string, asked: SetAutoTopup, answers?: string): Promise<AutoRuleRow> {
    await this.assertCard(payer, asked.agreement);
    const linked = asked.target.type === 'linked' ? await this.linkedOf(payer, asked.target.linked_number) : null;
    const number = linked ? this.numbers.open(linked.msisdn_sealed) : payer;
    const found = await this.billing.payee(number);
    assertSum(found, fromJson(asked.rule.kind === 'threshold' ? asked.rule.top_up_to : asked.rule.amount));
    const row = this.row(payer, number, { asked, linked, found });
    const what = asked.rule.kind === 'threshold' ? 'set: kept above a threshold' : 'set: once a month';
    const stood = await this.store.ruleFor(row.payer_blind, row.msisdn_blind, row.kind);
    const kept = stood ? { ...row, id: stood.id, created_at: stood.created_at } : row;
    await this.store.put(kept, { decision: { state: 'active', what, amount: row.target ?? row.amount } });
    const stands = (await this.store.ruleFor(row.payer_blind, row.msisdn_blind, row.kind)) ?? kept;
    await this.tell(payer, kept, answers ?? `auto-set-${kept.id}-${stands.version}`);
    this.bell.ring(`rule-${kept.id}-${Date.now()}`);
    return stands;
  }

  /** @throws Problem not_found, state_conflict */
  async change(payer: string, id: string, to: 'active' | 'paused' | 'ended'): Promise<AutoRuleRow> {
    const rule = await this.store.rule(id);
    if (rule?.payer_blind !== this.numbers.blind(payer)) throw new Problem('not_found');
    if (rule.state === to) return rule;
    const decision = { state: to, what: `${to} by its payer`, amount: null };
    const dueAt = to === 'active' ? this.dueOf(rule) : null;
    if (!(await this.store.moveRule(rule, to, { decision }, dueAt))) throw new Problem('state_conflict');
    return (await this.store.rule(id)) ?? rule;
  }

  /** @param linkedId null: the own number's @returns whether there was one */
  async off(payer: string, linkedId: string | null): Promise<boolean> {
    const rules = await this.store.rulesOf(this.numbers.blind(payer));
    const these = rules.filter((rule) => rule.linked_id === linkedId);
    for (const rule of these) await this.change(payer, rule.id, 'ended');
    return these.length > 0;
  }

  private async assertCard(payer: string, agreement: string | undefined): Promise<void> {
    const mine = await this.agreements.ofNumber(this.numbers.blind(payer));
    const named = agreement === undefined ? mine : mine.filter(({ id }) => id === agreement);
    if (named.length === 0) throw new Problem('not_found', { detail: 'No agreement pays for this number.' });
    if (!named.some(({ state }) => state === 'active')) throw new Problem('agreement_not_active');
  }

  private async linkedOf(payer: string, id: string): Promise<LinkedRow> {
    const linked = await this.agreements.findLinked(id);
    if (linked?.payer_blind !== this.numbers.blind(payer)) throw new Problem('not_found');
    if (linked.state !== 'active') throw new Problem('consent_missing');
    return linked;
  }

  private row(
    payer: string,
    number: string,
    { asked, linked, found }: { asked: SetAutoTopup; linked: LinkedRow | null; found: FoundNumber },
  ): AutoRuleRow {
    const [from, to] = [this.numbers.keep(payer), this.numbers.keep(number)];
    const now = new Date();
    const row: AutoRuleRow = {
      ...{ id: newId('aut'), kind: asked.rule.kind, state: 'active' },
      ...{ payer_masked: from.masked, payer_blind: from.blind, payer_sealed: from.sealed },
      ...{ msisdn_masked: to.masked, msisdn_blind: to.blind, msisdn_sealed: to.sealed },
      ...{ subscriber_id: found.subscriberId, linked_id: linked?.id ?? null, agreement_id: asked.agreement ?? null },
      ...{
        nickname: linked?.nickname ?? '',
        ...this.sumsOf(asked.rule),
        fails: 0,
        why: 'set by its payer',
        told_balance: null,
      },
      ...{ told_at: null, due_at: now, version: 0, created_at: now, updated_at: now },
    };
    return { ...row, due_at: this.dueOf(row) };
  }

  private sumsOf(asked: SetAutoTopup['rule']) {
    if (asked.kind === 'calendar') {
      const amount = fromJson(asked.amount);
      const { day_of_month } = asked;
      return { threshold: null, target: null, amount, day_of_month, day_count: 1, month_cap: amount };
    }
    const target = fromJson(asked.top_up_to);
    const usual = BigInt(this.config.AUTO_MONTH_FEN);
    const cap = asked.month_cap === undefined ? (usual > target ? usual : target) : fromJson(asked.month_cap);
    const threshold = fromJson(asked.threshold ?? this.config.AUTO_THRESHOLD_FEN);
    if (target < threshold) throw fault('amount_below_minimum', 'top_up_to must not be below the threshold');
    const day_count = asked.times_a_day;
    return { threshold, target, amount: null, day_of_month: null, day_count, month_cap: cap };
  }

  private dueOf(rule: Pick<AutoRuleRow, 'kind' | 'day_of_month'>): Date {
    const now = new Date();
    if (rule.kind === 'threshold') return now;
    const notice = this.rules.noticeOf(nextMonthly(now, rule.day_of_month ?? 1, AUTO_HOUR));
    return notice > now ? notice : now;
  }

  private async tell(payer: string, rule: AutoRuleRow, id: string): Promise<void> {
    if (rule.kind !== 'threshold') return;
    const params = {
      ...{ who: whoWords(rule), limit: shortYuan(rule.threshold ?? 0n), amount: shortYuan(rule.target ?? 0n) },
      month: shortYuan(rule.month_cap),
    };
    await this.sms.send(payer, 'auto_set', params, id);
  }
}

function assertSum({ accepts }: FoundNumber, sum: bigint): void {
  const [min, max, step] = [accepts.min, accepts.max, accepts.step].map((digits) => fromDigits(digits));
  if (sum < (min ?? 0n)) throw fault('amount_below_minimum', `at least ${accepts.min}`);
  if (sum > (max ?? 0n)) throw fault('amount_above_maximum', `at most ${accepts.max}`);
  if (step && sum % step !== 0n) throw fault('amount_step', `a multiple of ${accepts.step}`);
}

const fault = (code: 'amount_below_minimum' | 'amount_above_maximum' | 'amount_step', detail: string): Problem =>
  new Problem(code, { detail: `${detail}.` });
