import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Popconfirm, Table, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { look } from '../../kit/state';
import { StateTag } from '../../kit/state-tag';
import { api, type Day, type Operator, type ProviderDay } from './api';
import { money } from './columns';
import { Trouble } from './trouble';

type Row = ProviderDay & { date: string; signed: boolean };

export function Days({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const days = useQuery({ queryKey: ['days'], queryFn: api.days, refetchInterval: 5_000 });
  return (
    <>
      <h1>{t('c.days')}</h1>
      {days.error ? <Trouble error={days.error} /> : null}
      <DayTable days={days.data?.data ?? []} loading={days.isPending} operator={operator} />
    </>
  );
}

/** Provider × date: has the night ended well. Each row opens its run. */
export function DayTable({ days, loading, operator }: { days: Day[]; loading: boolean; operator?: Operator }) {
  const { t } = useTranslation();
  const rows: Row[] = days.flatMap((day) =>
    day.providers.map((one) => ({ ...one, date: day.date, signed: day.signed_off })),
  );
  return (
    <Table<Row>
      size="small"
      loading={loading}
      rowKey={(row) => `${row.provider}/${row.date}`}
      dataSource={rows}
      pagination={false}
      scroll={{ x: true }}
      locale={{ emptyText: t('c.noRun') }}
      columns={[
        { title: t('c.date'), dataIndex: 'date' },
        {
          title: t('c.provider'),
          dataIndex: 'provider',
          render: (provider: string, row) => <Link to={`/runs/${provider}/${row.date}`}>{provider}</Link>,
        },
        {
          title: t('c.state'),
          dataIndex: 'state',
          render: (state: string, row) => (
            <StateTag look={look('day', state)}>
              {t(`c.day.${state}`)}
              {row.signed ? ` · ${t('c.signed')}` : ''}
            </StateTag>
          ),
        },
        {
          title: t('c.unresolved'),
          dataIndex: 'open_breaks',
          align: 'right',
          render: (value: number, row) => <Link to={`/breaks?date=${row.date}&provider=${row.provider}`}>{value}</Link>,
        },
        money<Row>(t('c.residual'), 'residual'),
        { title: t('c.run'), key: 'steps', render: (_, row) => <Steps row={row} /> },
        ...(operator
          ? [{ title: '', key: 'again', render: (_: unknown, row: Row) => <Again row={row} operator={operator} /> }]
          : []),
      ]}
    />
  );
}

function Steps({ row }: { row: Row }) {
  const { t } = useTranslation();
  return (
    <span className="steps">
      {row.steps.map((step) => (
        <Tooltip key={step.name} title={step.error ?? ''}>
          <span>
            <StateTag look={look('step', step.state)}>{t(`c.step.${step.name}`)}</StateTag>
          </span>
        </Tooltip>
      ))}
    </span>
  );
}

function Again({ row, operator }: { row: Row; operator: Operator }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const run = useMutation({
    mutationFn: () => api.runNight(row.date, row.provider),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['days'] }),
    onError: (error) => void message.error(error.message),
  });
  const allowed = operator.roles.includes('finance_maker');
  return (
    <Tooltip title={allowed ? '' : t('c.needMaker')}>
      <Popconfirm title={`${row.provider} ${row.date}`} onConfirm={() => run.mutate()} disabled={!allowed}>
        <Button size="small" disabled={!allowed} loading={run.isPending}>
          {t('c.runNight')}
        </Button>
      </Popconfirm>
    </Tooltip>
  );
}
