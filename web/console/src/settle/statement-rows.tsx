import { useQuery } from '@tanstack/react-query';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { count, figure } from '../../../kit/money';
import { money } from '../columns';
import { Trouble } from '../trouble';
import { settle, type StatementBrief, type StatementVersion } from './settle-api';

type Row = StatementVersion['rows'][number];
const SUMS = [
  'principal',
  'refunds',
  'fees',
  'commission_given',
  'commission_earned',
  'adjustments',
  'paid',
  'net',
] as const;

/** What a statement is made of, a line per date, provider and channel, with its sums below. */
export function StatementRows({ of }: { of: StatementBrief }) {
  const { t, i18n } = useTranslation();
  const told = useQuery({
    queryKey: ['party-statement', of.party, of.period, of.version],
    queryFn: () => settle.statement(of.party, of.period, of.version),
  });
  if (told.error) return <Trouble error={told.error} />;
  const heads = {
    ...{ principal: t('c.principal'), refunds: t('c.refunds'), fees: t('c.fees'), commission_given: t('c.given') },
    ...{ commission_earned: t('c.earned'), adjustments: t('c.adjust'), paid: t('c.paidOut'), net: t('c.net') },
  };
  return (
    <Table<Row>
      size="small"
      loading={told.isPending}
      rowKey={(row) => `${row.date}/${row.provider}/${row.channel}/${row.reference ?? ''}`}
      dataSource={told.data?.rows ?? []}
      pagination={{ pageSize: 50, hideOnSinglePage: true }}
      columns={[
        { title: t('c.date'), dataIndex: 'date' },
        { title: t('c.provider'), dataIndex: 'provider', render: (value: string) => value || '–' },
        {
          title: t('c.channel'),
          dataIndex: 'channel',
          render: (value: string, { reference }) => {
            if (reference !== undefined) return t('c.adj.of', { reference });
            return i18n.exists(`channel.${value}`) ? t(`channel.${value}`) : value || '–';
          },
        },
        { title: t('c.count'), dataIndex: 'count', align: 'right', render: (value: number) => count(value) },
        ...SUMS.map((name) => money<Row>(heads[name], name)),
      ]}
      summary={() =>
        told.data ? (
          <Table.Summary.Row>
            <Table.Summary.Cell index={0} colSpan={4}>
              {t('c.total')}
            </Table.Summary.Cell>
            {SUMS.map((name, at) => (
              <Table.Summary.Cell key={name} index={at + 4} align="right">
                {figure(of.totals[name])}
              </Table.Summary.Cell>
            ))}
          </Table.Summary.Row>
        ) : null
      }
    />
  );
}
