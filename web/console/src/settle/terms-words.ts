import { figure } from '../../../kit/money';
import type { CommissionPlan, FeeSchedule } from './settle-api';

type Texts = (key: string, values?: Record<string, string>) => string;
type Tiers = FeeSchedule['schedule']['tiers'];

/** Parts per million as people read a rate: 3800 is `0.38%`. Exact: two zeros at least go, no digit is lost. */
export function rate(ppm: number): string {
  const whole = Math.floor(ppm / 10_000);
  const rest = String(ppm % 10_000)
    .padStart(4, '0')
    .replace(/0+$/, '');
  return rest === '' ? `${whole}%` : `${whole}.${rest}%`;
}

/** A rate as a person types it, `0.38` or `0.38%`, to parts per million; null when it is none. */
export function ppmOf(text: string): number | null {
  const match = /^(\d{1,3})(?:\.(\d{1,4}))?%?$/.exec(text.trim());
  if (!match) return null;
  const ppm = Number(match[1]) * 10_000 + Number((match[2] ?? '').padEnd(4, '0'));
  return ppm <= 1_000_000 ? ppm : null;
}

/** A line of a provider's contract in words: `0.38%, at least ¥0.10, rounded half up per payment`. */
export function scheduleWords({ schedule }: Pick<FeeSchedule, 'schedule'>, t: Texts): string {
  const { ppm, tiers, tier_mode: mode, fixed, min, cap, round_per: per, rounding } = schedule;
  return [
    tiers.length > 0 ? tierWords(tiers, mode, t) : rate(ppm),
    ...(fixed > 0 ? [t('c.w.fixed', { amount: figure(fixed) })] : []),
    ...(min > 0 ? [t('c.w.min', { amount: figure(min) })] : []),
    ...(cap === null ? [] : [t('c.w.cap', { amount: figure(cap) })]),
    t('c.w.rounded', { how: t(`c.w.${rounding}`), per: t(`c.w.per_${per}`) }),
    t(`c.w.${schedule.collection}`),
    t(`c.w.refund_${schedule.refund_policy}`),
  ].join(t('c.w.comma'));
}

/** Who bears the fee: `home 100%`. */
export function bearerWords({ schedule }: Pick<FeeSchedule, 'schedule'>, t: Texts): string {
  return schedule.bearers.map(({ party, ppm }) => `${t(`c.w.${party}`)} ${rate(ppm)}`).join(' · ');
}

/** What an earner gets: one rate, or a cascade from the bottom level up. */
export function planWords({ plan }: Pick<CommissionPlan, 'plan'>, t: Texts): string {
  const levels =
    plan.levels.length === 0
      ? [`${t(`c.w.earner_${plan.earner}`)} ${rate(plan.ppm)}`]
      : plan.levels.map(({ earner, party, ppm, tiers }) => {
          const who = earner === 'party' ? party : t(`c.w.earner_${earner}`);
          return `${who} ${tiers.length > 0 ? tierWords(tiers, plan.tier_mode, t) : rate(ppm)}`;
        });
  return [
    levels.join(' → '),
    t(`c.w.base_${plan.base}`),
    ...(plan.tax_ppm > 0 ? [t('c.w.tax', { rate: rate(plan.tax_ppm) })] : []),
    t('c.w.bears', { who: t(`c.w.${plan.bearer}`) }),
  ].join(t('c.w.comma'));
}

function tierWords(tiers: Tiers, mode: 'marginal' | 'retroactive', t: Texts): string {
  const steps = tiers.map(({ from, ppm }) => `${t('c.w.from', { amount: figure(from) })} ${rate(ppm)}`);
  return `${steps.join(' / ')} (${t(`c.w.${mode}`)})`;
}
