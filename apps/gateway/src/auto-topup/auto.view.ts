import { toJson } from '@yidian/money';
import { paymentId } from '../payments/numbers';
import type { AutoTopupView } from './auto.schema';
import type { AutoRuleRow, OccasionRow } from './auto.rows';

/** @param occasions latest first */
export function autoTopupView(rule: AutoRuleRow, occasions: readonly OccasionRow[]): AutoTopupView {
  const open = occasions.find(({ state }) => state === 'noticed' || state === 'paying');
  const fen = (value: bigint | null): number | null => (value === null ? null : toJson(value));
  return {
    ...{ id: rule.id, object: 'auto_topup', kind: rule.kind, state: rule.state, why: rule.why },
    ...{ number: rule.msisdn_masked, nickname: rule.nickname === '' ? null : rule.nickname },
    ...{ linked_number: rule.linked_id, agreement: rule.agreement_id },
    ...{ threshold: fen(rule.threshold), top_up_to: fen(rule.target), amount: fen(rule.amount) },
    ...{ day_of_month: rule.day_of_month, times_a_day: rule.day_count, month_cap: toJson(rule.month_cap) },
    ...{ currency: 'CNY', refusals: rule.fails },
    next: open
      ? {
          ...{ on: open.day, at: (open.due_at ?? open.updated_at).toISOString(), amount: toJson(open.amount) },
          skippable: open.state === 'noticed',
        }
      : null,
    occasions: occasions.map((row) => ({
      ...{ on: row.day, state: row.state, amount: toJson(row.amount), code: row.code },
      payment: row.payment_no === null ? null : paymentId(row.payment_no),
    })),
    created_at: rule.created_at.toISOString(),
  };
}
