import { useQuery } from '@tanstack/react-query';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { dateTime } from '../../kit/dates';
import { count } from '../../kit/money';
import { api, type NumberSweep } from './api';
import { useNames } from './names';
import { Trouble } from './trouble';

/** All numbers of each province, owner and status, in rounds: how far this one is and when the last was whole. */
export function NumberSweeps() {
  const { t } = useTranslation();
  const { branch } = useNames();
  const sweeps = useQuery({ queryKey: ['number-sweeps'], queryFn: api.numberSweeps, refetchInterval: 30_000 });
  const rows = sweeps.data?.data ?? [];
  const right = { align: 'right' as const };
  if (sweeps.error) return <Trouble error={sweeps.error} />;
  if (rows.length === 0) return null;
  return (
    <>
      <h2>{t('c.numberSweeps')}</h2>
      <p className="muted">{t('c.numberSweeps.note')}</p>
      <Table<NumberSweep>
        size="small"
        rowKey="branch"
        dataSource={rows}
        pagination={false}
        scroll={{ x: true }}
        columns={[
          { title: t('c.branch'), dataIndex: 'branch', render: branch },
          { title: t('c.sweep.round'), dataIndex: 'round', ...right },
          {
            title: t('c.sweep.asked'),
            dataIndex: 'asked',
            ...right,
            render: (asked: number, { whole_asked: whole }) =>
              whole === null ? count(asked) : `${count(asked)} / ${count(whole)}`,
          },
          {
            title: t('c.sweep.unanswered'),
            dataIndex: 'unanswered',
            ...right,
            render: (value: number) => count(value),
          },
          {
            title: t('c.found'),
            dataIndex: 'different',
            ...right,
            render: (value: number, row) => <Link to={`/breaks?provider=bss_${row.branch}`}>{count(value)}</Link>,
          },
          { title: t('c.sweep.wholeOn'), dataIndex: 'whole_on', render: (date: string | null) => date ?? '–' },
          { title: t('c.when'), dataIndex: 'updated_at', render: (at: string) => dateTime(at) },
        ]}
      />
    </>
  );
}
