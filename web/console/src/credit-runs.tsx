import { useQuery } from '@tanstack/react-query';
import { Button, Popconfirm, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { dateTime } from '../../kit/dates';
import { count, figure } from '../../kit/money';
import { look } from '../../kit/state';
import { StateTag } from '../../kit/state-tag';
import { useAct } from './act';
import { api, type CreditRun, type Operator } from './api';
import { Bar, BLUE } from './bar';
import { money } from './columns';
import { CreditFindings } from './credit-findings';
import { useDate } from './date-choice';
import { useNames } from './names';
import { NumberSweeps } from './number-sweeps';
import { Trouble } from './trouble';
import { useMaker, Why } from './verdict';

/** Provinces' own books of a date beside our orders: how far, what each shows, and one of them compared again. */
export function CreditRunsPage({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const { date, choice } = useDate(operator);
  const runs = useQuery({
    queryKey: ['credit-runs', date],
    queryFn: () => api.creditRuns(date),
    enabled: date !== '',
    refetchInterval: 10_000,
  });
  const rows = runs.data?.data ?? [];
  return (
    <>
      <h1>
        {t('c.creditRuns')} {choice}
      </h1>
      <p className="muted">{t('c.creditRuns.note')}</p>
      {runs.error ? <Trouble error={runs.error} /> : null}
      {rows.length > 0 ? <Progress rows={rows} /> : null}
      <RunTable rows={rows} loading={runs.isPending && date !== ''} operator={operator} />
      <NumberSweeps />
    </>
  );
}

function Progress({ rows }: { rows: CreditRun[] }) {
  const { t } = useTranslation();
  const compared = rows.filter(({ state }) => state !== 'wanted').length;
  const label = t('c.creditRuns.progress', { compared: count(compared), all: count(rows.length) });
  return <Bar share={compared / rows.length} color={BLUE} label={label} />;
}

function RunTable({ rows, loading, operator }: { rows: CreditRun[]; loading: boolean; operator: Operator }) {
  const { t } = useTranslation();
  const { branch } = useNames();
  const right = { align: 'right' as const };
  return (
    <Table<CreditRun>
      size="small"
      rowKey={(row) => `${row.branch}/${row.date}`}
      loading={loading}
      dataSource={rows}
      pagination={false}
      scroll={{ x: true }}
      locale={{ emptyText: t('c.creditRuns.none') }}
      expandable={{ expandedRowRender: (row) => <RunBody run={row} operator={operator} /> }}
      columns={[
        { title: t('c.branch'), dataIndex: 'branch', render: branch },
        {
          title: t('c.state'),
          dataIndex: 'state',
          render: (state: CreditRun['state']) => (
            <StateTag look={look('credit_run', state)}>{t(`c.creditRun.${state}`)}</StateTag>
          ),
        },
        { title: t('c.version'), dataIndex: 'version', ...right, render: (value: number) => value || '–' },
        { title: t('c.lines'), dataIndex: 'lines', ...right, render: (value: number) => count(value) },
        money<CreditRun>(t('c.fileTotal'), 'amount'),
        money<CreditRun>(t('c.ourOrders'), 'ours'),
        money<CreditRun>(t('c.residual'), 'residual'),
        {
          title: t('c.found'),
          dataIndex: 'found',
          ...right,
          render: (value: number, { provider, date }) => (
            <Link to={`/breaks?state=any&provider=${provider}&date=${date}`}>{count(value)}</Link>
          ),
        },
        {
          title: t('c.numbersCompared'),
          key: 'numbers',
          ...right,
          render: (_, row) => `${count(row.numbers_asked - row.numbers_unanswered)} / ${count(row.numbers_asked)}`,
        },
        { title: t('c.when'), dataIndex: 'updated_at', render: (at: string) => dateTime(at) },
        { title: '', key: 'again', render: (_, row) => <Again row={row} operator={operator} /> },
      ]}
    />
  );
}

/** What each difference is and what is to be done about it; before that, once there is a file, how its sum becomes ours. */
function RunBody({ run, operator }: { run: CreditRun; operator: Operator }) {
  return (
    <>
      {run.state === 'wanted' ? null : <FileBridge run={run} />}
      <CreditFindings run={run} operator={operator} />
    </>
  );
}

function FileBridge({ run }: { run: CreditRun }) {
  const { t } = useTranslation();
  const { word } = useNames();
  const line = (name: string, times: string, amount: number) => (
    <tr key={name}>
      <td>{name}</td>
      <td className="right-aligned">{times}</td>
      <td className="right-aligned">{figure(amount)}</td>
    </tr>
  );
  return (
    <>
      {run.agrees || run.state !== 'ready' ? null : <p>{t('c.creditRuns.disagrees')}</p>}
      <table className="bars">
        <tbody>
          {line(t('c.fileTotal'), '', run.amount)}
          {run.parts.map((part) => line(word('creditPart', part.name), `× ${count(part.count)}`, -part.amount))}
          {line(t('c.ourOrders'), '', run.ours)}
        </tbody>
      </table>
      <StateTag look={run.residual === 0 ? 'done' : 'failed'}>
        {t('c.residualShort')} {figure(run.residual)}
      </StateTag>
    </>
  );
}

function Again({ row, operator }: { row: CreditRun; operator: Operator }) {
  const { t } = useTranslation();
  const { branch } = useNames();
  const off = useMaker(operator, ['finance_maker', 'operations']);
  const run = useAct(() => api.runCredits(row.branch, row.date), {
    renew: ['credit-runs', 'breaks'],
    said: ({ state }) => t(`c.creditRuns.ran_${state}`),
  });
  return (
    <Why text={off}>
      <Popconfirm
        title={t('c.creditRuns.again', { branch: branch(row.branch), date: row.date })}
        onConfirm={() => run.mutate()}
        disabled={off !== ''}
      >
        <Button size="small" disabled={off !== ''} loading={run.isPending}>
          {t('c.runAgain')}
        </Button>
      </Popconfirm>
    </Why>
  );
}
