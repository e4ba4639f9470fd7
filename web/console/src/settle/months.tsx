import { useQuery } from '@tanstack/react-query';
import { Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { date as dateOf } from '../../../kit/dates';
import type { Look } from '../../../kit/state';
import { StateTag } from '../../../kit/state-tag';
import { Trouble } from '../trouble';
import { settle, type MonthBrief } from './settle-api';

export const MONTHS: Record<MonthBrief['state'], Look> = {
  open: 'working',
  closing: 'waiting',
  closed: 'waiting',
  signed_off: 'done',
};
const STEPS: Record<MonthBrief['steps'][number]['state'], Look> = {
  waiting: 'ended',
  done: 'done',
  blocked: 'failed',
};
const SHOWN = 6;

/** How far months are: each with its steps, from open to signed off. */
export function MonthsPage() {
  const { t } = useTranslation();
  const [to, setTo] = useState(() => dateOf(new Date().toISOString()).slice(0, 7));
  const from = monthsBefore(to, SHOWN - 1);
  const months = useQuery({ queryKey: ['months', from, to], queryFn: () => settle.months(from, to) });
  return (
    <>
      <h1>
        {t('c.months')}{' '}
        <input
          aria-label={t('c.upTo')}
          type="month"
          value={to}
          onChange={(event) => /^\d{4}-\d{2}$/.test(event.target.value) && setTo(event.target.value)}
        />
      </h1>
      <p className="muted">{t('c.months.note')}</p>
      {months.error ? <Trouble error={months.error} /> : null}
      <Table<MonthBrief>
        size="small"
        rowKey="month"
        loading={months.isPending}
        dataSource={months.data?.data ?? []}
        pagination={false}
        scroll={{ x: true }}
        columns={[
          {
            title: t('c.month'),
            dataIndex: 'month',
            render: (month: string) => <Link to={`/months/${month}`}>{month}</Link>,
          },
          {
            title: t('c.state'),
            dataIndex: 'state',
            render: (state: MonthBrief['state']) => (
              <StateTag look={MONTHS[state]}>{t(`c.monthState.${state}`)}</StateTag>
            ),
          },
          { title: t('c.steps'), key: 'steps', render: (_, { steps }) => <Steps steps={steps} /> },
          { title: t('c.closedBy'), dataIndex: 'proposed_by', render: (value: string) => value || '–' },
          { title: t('c.signedBy'), dataIndex: 'signed_by', render: (value: string) => value || '–' },
        ]}
      />
    </>
  );
}

export function Steps({ steps }: { steps: MonthBrief['steps'] }) {
  const { t, i18n } = useTranslation();
  if (steps.length === 0) return <span className="muted">{t('c.notBegun')}</span>;
  return (
    <span className="steps">
      {steps.map((step) => (
        <StateTag key={step.no} look={STEPS[step.state]}>
          {step.no} {i18n.exists(`c.monthStep.${step.name}`) ? t(`c.monthStep.${step.name}`) : step.name}
        </StateTag>
      ))}
    </span>
  );
}

function monthsBefore(month: string, back: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 - back, 1)).toISOString().slice(0, 7);
}
