import { useQuery } from '@tanstack/react-query';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { count } from '../../kit/money';
import { api, type Operator, type Report } from './api';
import { money } from './columns';
import { useDate } from './date-choice';
import { useNames } from './names';
import { Trouble } from './trouble';

type Quality = Report['quality'][number];
type Pareto = Report['pareto'][number];
type Ageing = Report['ageing'][number];

/** How good the days are: sigma by provider, branch and channel, the few classes that make most of it, what grows old. */
export function QualityPage({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const { date, choice } = useDate(operator);
  const report = useQuery({ queryKey: ['report', date], queryFn: () => api.report(date, date), enabled: date !== '' });
  const { quality = [], pareto = [], ageing = [] } = report.data ?? {};
  return (
    <>
      <h1>
        {t('c.quality')} {choice}
      </h1>
      {report.error ? <Trouble error={report.error} /> : null}
      <p className="muted">{t('c.sigmaNote')}</p>
      <QualityTable rows={quality} loading={report.isPending && date !== ''} />
      <h2>{t('c.pareto')}</h2>
      <ParetoBars rows={pareto} date={date} />
      <h2>{t('c.ageing')}</h2>
      <AgeingTable rows={ageing} />
    </>
  );
}

function QualityTable({ rows, loading }: { rows: Quality[]; loading: boolean }) {
  const { t } = useTranslation();
  const { branch, provider, word } = useNames();
  const right = { align: 'right' as const };
  const nameOf = ({ of, key }: Quality): string => {
    if (key === '') return '–';
    if (of === 'branch') return branch(key);
    return of === 'channel' ? word('channel', key) : provider(key);
  };
  const payments = (value: number | null) => (value === null ? '–' : count(value));
  return (
    <Table<Quality>
      size="small"
      loading={loading}
      rowKey={(row) => `${row.of}/${row.key}`}
      dataSource={rows}
      pagination={false}
      scroll={{ x: true }}
      columns={[
        { title: t('c.cut'), dataIndex: 'of', render: (value: string) => t(`c.cut.${value}`) },
        {
          title: t('c.cutKey'),
          dataIndex: 'key',
          render: (_: string, row: Quality) => nameOf(row),
        },
        { title: t('c.paymentsCount'), dataIndex: 'payments', ...right, render: payments },
        { title: t('c.defects'), dataIndex: 'defects', ...right, render: (value: number) => count(value) },
        { title: 'DPMO', dataIndex: 'dpmo', ...right, render: (value: string | null) => value ?? '–' },
        { title: t('c.sigma'), dataIndex: 'sigma', ...right, render: (value: string | null) => value ?? '–' },
        {
          title: t('c.mainClass'),
          dataIndex: 'main_class',
          render: (value: string | null) => (value === null ? '–' : t(`class.${value}`)),
        },
      ]}
    />
  );
}

/** A bar per class with its number and the share up to it; one click leads to those breaks. */
function ParetoBars({ rows, date }: { rows: Pareto[]; date: string }) {
  const { t } = useTranslation();
  if (rows.length === 0) return <p className="muted">{t('c.noBreaks')}</p>;
  const most = rows[0]?.count ?? 1;
  return (
    <table className="bars">
      <tbody>
        {rows.map((row) => (
          <tr key={row.class}>
            <td>
              <Link to={`/breaks?state=any&class=${row.class}&date=${date}`}>{t(`class.${row.class}`)}</Link>
            </td>
            <td style={{ width: 420 }}>
              <div aria-hidden style={{ background: '#0072B2', height: 16, width: `${(row.count * 100) / most}%` }} />
            </td>
            <td className="right-aligned">{count(row.count)}</td>
            <td className="right-aligned">{Math.round(row.cumulative_ppm / 100) / 100}%</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function AgeingTable({ rows }: { rows: Ageing[] }) {
  const { t } = useTranslation();
  const { provider } = useNames();
  return (
    <Table<Ageing>
      size="small"
      rowKey={(row) => `${row.provider}/${row.class}/${row.bucket}`}
      dataSource={rows}
      pagination={false}
      scroll={{ x: true }}
      locale={{ emptyText: t('c.noBreaks') }}
      columns={[
        { title: t('c.provider'), dataIndex: 'provider', render: provider },
        { title: t('c.class'), dataIndex: 'class', render: (value: string) => t(`class.${value}`) },
        { title: t('c.age'), dataIndex: 'bucket' },
        { title: t('c.count'), dataIndex: 'count', align: 'right' },
        money<Ageing>(t('c.amount'), 'amount'),
        { title: t('c.unowned'), dataIndex: 'unowned', align: 'right' },
        { title: t('c.overdue'), dataIndex: 'overdue', align: 'right' },
      ]}
    />
  );
}
