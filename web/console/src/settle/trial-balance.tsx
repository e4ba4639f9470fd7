import { useQuery } from '@tanstack/react-query';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { figure } from '../../../kit/money';
import { StateTag } from '../../../kit/state-tag';
import { money } from '../columns';
import { Trouble } from '../trouble';
import { settle, type TrialBalance } from './settle-api';

type Account = TrialBalance['accounts'][number];

/** Every account of the money ledger as the month was closed; their sum is 0.00 or something is wrong. */
export function TrialBalanceTable({ month, state }: { month: string; state: string }) {
  const { t } = useTranslation();
  const trial = useQuery({ queryKey: ['trial-balance', month, state], queryFn: () => settle.trialBalance(month) });
  if (trial.error) return <Trouble error={trial.error} />;
  const { accounts = [], total = 0 } = trial.data ?? {};
  return (
    <Table<Account>
      size="small"
      rowKey="account"
      loading={trial.isPending}
      dataSource={accounts}
      pagination={false}
      sticky
      locale={{ emptyText: t('c.noTrial') }}
      columns={[{ title: t('c.account'), dataIndex: 'account' }, money<Account>(t('c.balance'), 'balance')]}
      {...(accounts.length > 0 ? { summary: () => <Sum total={total} /> } : {})}
    />
  );
}

function Sum({ total }: { total: number }) {
  const { t } = useTranslation();
  return (
    <Table.Summary fixed="bottom">
      <Table.Summary.Row>
        <Table.Summary.Cell index={0}>
          {t('c.total')}{' '}
          <StateTag look={total === 0 ? 'done' : 'failed'}>{t(total === 0 ? 'c.sumZero' : 'c.sumNotZero')}</StateTag>
        </Table.Summary.Cell>
        <Table.Summary.Cell index={1} align="right">
          {figure(total)}
        </Table.Summary.Cell>
      </Table.Summary.Row>
    </Table.Summary>
  );
}
