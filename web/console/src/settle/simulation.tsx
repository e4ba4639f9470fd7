import { Button, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { date as dateOf } from '../../../kit/dates';
import { count, figure } from '../../../kit/money';
import { useAct } from '../act';
import type { Operator } from '../api';
import { Bar, BLUE, ORANGE } from '../bar';
import { Why } from '../verdict';
import { settle, type FeeSchedule, type FeeSimulation } from './settle-api';

/** What a line would have charged in past months beside what was charged, as bars: what the second person looks at. */
export function Simulation({ schedule, operator }: { schedule: FeeSchedule; operator: Operator }) {
  const { t } = useTranslation();
  const thisMonth = dateOf(new Date().toISOString()).slice(0, 7);
  const [from, setFrom] = useState(thisMonth);
  const [to, setTo] = useState(thisMonth);
  const simulate = useAct(() => settle.simulate(schedule.id, from, to), { renew: ['schedules'] });
  const finance = operator.roles.some((role) => role === 'finance_maker' || role === 'finance_checker');
  const off = finance ? (from > to ? t('c.spanWrong') : '') : t('c.needFinance');
  const month = (label: string, value: string, set: (value: string) => void) => (
    <input
      aria-label={label}
      type="month"
      value={value}
      onChange={(event) => /^\d{4}-\d{2}$/.test(event.target.value) && set(event.target.value)}
    />
  );
  return (
    <div className="stack">
      <Space wrap>
        {month(t('c.fromMonth'), from, setFrom)} – {month(t('c.toMonth'), to, setTo)}
        <Why text={off}>
          <Button disabled={off !== ''} loading={simulate.isPending} onClick={() => simulate.mutate()}>
            {t('c.simulate')}
          </Button>
        </Why>
        <span className="muted">
          {schedule.simulated ? t('c.simulatedAs', { digest: schedule.simulated.slice(0, 8) }) : t('c.neverSimulated')}
        </span>
      </Space>
      {schedule.reason ? (
        <span className="muted">
          {t('c.reason')}: {schedule.reason}
        </span>
      ) : null}
      {simulate.data ? <Picture of={simulate.data} /> : null}
    </div>
  );
}

function Picture({ of }: { of: FeeSimulation }) {
  const { t } = useTranslation();
  if (of.payments === 0) return <p>{t('c.nothingToSimulate')}</p>;
  const most = Math.max(1, of.charged, of.would_be);
  const mostOfBranch = Math.max(1, ...of.branches.flatMap((one) => [one.charged, one.would_be]));
  return (
    <div className="panel stack">
      <strong>
        {of.from} – {of.to} · {t('c.simulatedPayments', { count: count(of.payments) })} ·{' '}
        {t('c.differenceIs', { amount: signed(of.difference) })}
      </strong>
      <Bar name={t('c.bar.charged')} share={of.charged / most} color={BLUE} label={figure(of.charged)} />
      <Bar name={t('c.bar.wouldBe')} share={of.would_be / most} color={ORANGE} label={figure(of.would_be)} />
      <details>
        <summary>{t('c.byBranch', { count: of.branches.length })}</summary>
        <div className="by-branch">
          {of.branches.map((one) => (
            <div key={one.branch}>
              <strong>{one.branch || '–'}</strong> {count(one.payments)} · {signed(one.difference)}
              <Bar
                name={t('c.bar.charged')}
                share={one.charged / mostOfBranch}
                color={BLUE}
                label={figure(one.charged)}
              />
              <Bar
                name={t('c.bar.wouldBe')}
                share={one.would_be / mostOfBranch}
                color={ORANGE}
                label={figure(one.would_be)}
              />
            </div>
          ))}
        </div>
      </details>
      <span className="muted">
        {t('c.digest')} {of.digest.slice(0, 16)}…
      </span>
    </div>
  );
}

const signed = (minor: number): string => (minor > 0 ? `+${figure(minor)}` : figure(minor));
