import { useQuery } from '@tanstack/react-query';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { figure } from '../../../kit/money';
import type { Look } from '../../../kit/state';
import { StateTag } from '../../../kit/state-tag';
import { Bar, BLUE, GREEN } from '../bar';
import { money } from '../columns';
import { Trouble } from '../trouble';
import { Amounts } from './amounts';
import { settle, type PayoutGroup } from './settle-api';

const LOOKS: Record<PayoutGroup['class'], Look> = {
  matched: 'done',
  not_due: 'working',
  payout_missing: 'failed',
  payout_short: 'failed',
  payout_over: 'failed',
  payout_unknown: 'unknown',
  payout_returned: 'ended',
};

/** Statement dates, the provider's own word and our bank's booking, side by side; what is due against what came, as bars. */
export function PayoutsIn({ provider, asOf }: { provider: string; asOf: string }) {
  const { t } = useTranslation();
  const matched = useQuery({
    queryKey: ['provider-payouts', provider, asOf],
    queryFn: () => settle.providerPayouts(provider, asOf),
  });
  if (matched.error) return <Trouble error={matched.error} />;
  const { groups = [], held = 0, clearing = 0 } = matched.data ?? {};
  const most = Math.max(1, ...groups.flatMap((one) => [total(one.dates), total(one.entries)]).map(Math.abs));
  return (
    <div className="stack gap">
      {matched.data ? (
        <p>
          {t('c.held')} <strong>{figure(held)}</strong> · {t('c.clearing')} <strong>{figure(clearing)}</strong>{' '}
          <StateTag look={held === clearing ? 'done' : 'failed'}>
            {held === clearing ? t('c.agree') : t('c.disagree', { by: figure(held - clearing) })}
          </StateTag>
        </p>
      ) : null}
      <Table<PayoutGroup>
        size="small"
        loading={matched.isPending}
        rowKey={(row) => `${row.class}/${row.dates[0]?.date ?? ''}/${row.entries[0]?.entry_id ?? ''}`}
        dataSource={groups}
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
        scroll={{ x: true }}
        locale={{ emptyText: t('c.noPayoutsIn') }}
        columns={[
          {
            title: t('c.state'),
            dataIndex: 'class',
            render: (value: PayoutGroup['class']) => <StateTag look={LOOKS[value]}>{t(`c.payIn.${value}`)}</StateTag>,
          },
          {
            title: t('c.statementDates'),
            key: 'dates',
            render: (_, row) => <Amounts rows={row.dates.map((one) => ({ ...one, key: one.date, day: one.date }))} />,
          },
          {
            title: t('c.dueDay'),
            key: 'due',
            render: (_, row) => row.dates.at(-1)?.due_day ?? '–',
          },
          {
            title: t('c.providerSays'),
            key: 'lines',
            render: (_, row) => <Amounts rows={row.lines.map((one) => ({ ...one, key: one.line_id }))} />,
          },
          {
            title: t('c.bankBooked'),
            key: 'entries',
            render: (_, row) => (
              <Amounts rows={row.entries.map((one) => ({ ...one, key: one.entry_id, day: one.value_day }))} />
            ),
          },
          { title: t('c.picture'), key: 'picture', width: 280, render: (_, row) => <Two row={row} most={most} /> },
          money<PayoutGroup>(t('c.difference'), 'difference'),
        ]}
      />
    </div>
  );
}

function Two({ row, most }: { row: PayoutGroup; most: number }) {
  const { t } = useTranslation();
  const [due, came] = [total(row.dates), total(row.entries)];
  return (
    <>
      <Bar name={t('c.bar.due')} share={Math.abs(due) / most} color={BLUE} label={figure(due)} />
      <Bar name={t('c.bar.came')} share={Math.abs(came) / most} color={GREEN} label={figure(came)} />
    </>
  );
}

const total = (rows: { amount: number }[]): number => rows.reduce((sum, { amount }) => sum + amount, 0);
