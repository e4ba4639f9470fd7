import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { figure } from '../../kit/money';
import { look } from '../../kit/state';
import { StateTag } from '../../kit/state-tag';
import type { Day, ProviderDay } from './api';

interface Row {
  provider: string;
  days: Map<string, ProviderDay>;
}

/** Provider × date at one glance: how each night stands, what is left open, and a residual where there is one. */
export function DayMatrix({ days, loading }: { days: Day[]; loading: boolean }) {
  const { t } = useTranslation();
  const rows = new Map<string, Row>();
  for (const day of days) {
    for (const one of day.providers) {
      const row = rows.get(one.provider) ?? { provider: one.provider, days: new Map<string, ProviderDay>() };
      row.days.set(day.date, one);
      rows.set(one.provider, row);
    }
  }
  const newestLast = [...days].sort((a, b) => (a.date < b.date ? -1 : 1));
  return (
    <Table<Row>
      size="small"
      loading={loading}
      rowKey="provider"
      dataSource={[...rows.values()]}
      pagination={false}
      scroll={{ x: true }}
      locale={{ emptyText: t('c.noRun') }}
      columns={[
        { title: t('c.provider'), dataIndex: 'provider', fixed: 'left' },
        ...newestLast.map((day) => ({
          title: day.date.slice(5) + (day.signed_off ? ' ✔' : ''),
          key: day.date,
          render: (_: unknown, row: Row) => <Cell of={row.days.get(day.date)} date={day.date} />,
        })),
      ]}
    />
  );
}

function Cell({ of, date }: { of: ProviderDay | undefined; date: string }) {
  const { t } = useTranslation();
  if (!of) return <span className="muted">–</span>;
  const failed = of.steps.some((step) => step.state === 'failed');
  return (
    <Link to={`/runs/${of.provider}/${date}`}>
      <StateTag look={failed || of.residual ? 'failed' : look('day', of.state)}>{t(`c.day.${of.state}`)}</StateTag>
      <span className="cell-note">
        {t('c.openCount', { count: of.open_breaks })}
        {of.residual ? ` · ${t('c.residualShort')} ${figure(of.residual)}` : ''}
      </span>
    </Link>
  );
}
