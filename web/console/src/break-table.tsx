import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { ageInDays } from '../../kit/dates';
import { look } from '../../kit/state';
import { StateTag } from '../../kit/state-tag';
import type { Break } from './api';
import { money } from './columns';
import { useNames } from './names';

interface Props {
  rows: Break[];
  loading: boolean;
  cursor: number;
  ticked: Break[];
  onTick(rows: Break[]): void;
  onOpen(row: Break): void;
}

export function BreakTable({ rows, loading, cursor, ticked, onTick, onOpen }: Props) {
  const { t } = useTranslation();
  const { provider } = useNames();
  return (
    <Table<Break>
      size="small"
      rowKey="id"
      loading={loading}
      dataSource={rows}
      pagination={false}
      scroll={{ x: true }}
      locale={{ emptyText: t('c.noBreaks') }}
      rowClassName={(_, index) => (index === cursor ? 'cursor' : '')}
      rowSelection={{ selectedRowKeys: ticked.map((one) => one.id), onChange: (_, selected) => onTick(selected) }}
      onRow={(row) => ({ onClick: () => onOpen(row) })}
      columns={[
        { title: t('c.class'), dataIndex: 'class', render: (value: string) => t(`class.${value}`) },
        money<Break>(t('c.atStake'), 'at_stake'),
        { title: t('c.provider'), dataIndex: 'provider', render: provider },
        { title: t('c.date'), dataIndex: 'date' },
        {
          title: t('c.age'),
          key: 'age',
          align: 'right',
          render: (_, row) => t('c.ageDays', { days: ageInDays(row.date) }),
        },
        { title: t('c.owner'), dataIndex: 'owner', render: (value: string) => value || '–' },
        { title: t('c.due'), dataIndex: 'due_on', render: (value: string | null) => value ?? '–' },
        { title: t('c.payment'), dataIndex: 'payment_no' },
        money<Break>(t('c.p'), 'p_amount'),
        money<Break>(t('c.g'), 'g_amount'),
        money<Break>(t('c.b'), 'b_amount'),
        { title: t('c.suggested'), dataIndex: 'suggested', render: (value: string) => t(`action.${value}`) },
        {
          title: t('c.state'),
          dataIndex: 'state',
          render: (value: string) => <StateTag look={look('break', value)}>{t(`c.bs.${value}`)}</StateTag>,
        },
      ]}
    />
  );
}
