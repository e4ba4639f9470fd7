import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Select, Space, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { StateTag } from '../../../kit/state-tag';
import { useAct } from '../act';
import type { Operator } from '../api';
import { money } from '../columns';
import { Trouble } from '../trouble';
import { useMaker, Verdict, Why } from '../verdict';
import { settle, type BankEntry, type Decision } from './settle-api';

interface Props {
  operator: Operator;
  providers: string[];
}

/** Entries on our accounts that no rule explains: one says whose money it is, another approves. */
export function BankEntries({ operator, providers }: Props) {
  const { t } = useTranslation();
  const entries = useInfiniteQuery({
    queryKey: ['bank-entries'],
    queryFn: ({ pageParam }) => settle.bankEntries(pageParam),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  if (entries.error) return <Trouble error={entries.error} />;
  const rows = entries.data?.pages.flatMap((page) => page.data) ?? [];
  const more = entries.hasNextPage ? (
    <Button loading={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
      {t('c.more')}
    </Button>
  ) : undefined;
  return (
    <Table<BankEntry>
      size="small"
      rowKey="entry_id"
      loading={entries.isPending}
      dataSource={rows}
      pagination={{ pageSize: 100, hideOnSinglePage: true }}
      {...(more ? { footer: () => more } : {})}
      scroll={{ x: true }}
      locale={{ emptyText: t('c.noBankEntries') }}
      columns={[
        { title: t('c.valueDay'), dataIndex: 'value_day' },
        { title: t('c.account'), dataIndex: 'account' },
        money<BankEntry>(t('c.amount'), 'amount'),
        { title: t('c.counterparty'), dataIndex: 'counterparty' },
        { title: t('c.bankRef'), dataIndex: 'bank_ref' },
        { title: t('c.note'), dataIndex: 'note' },
        {
          title: t('c.state'),
          dataIndex: 'state',
          render: (state: BankEntry['state'], row) => (
            <StateTag look={state === 'proposed' ? 'waiting' : 'unknown'}>
              {t(`c.entry.${state}`)}
              {row.provider ? ` · ${row.provider}` : ''}
            </StateTag>
          ),
        },
        {
          title: t('c.whose'),
          key: 'whose',
          render: (_, row) =>
            row.state === 'proposed' ? (
              <Decide row={row} operator={operator} />
            ) : (
              <Propose row={row} operator={operator} providers={providers} />
            ),
        },
      ]}
    />
  );
}

function Propose({ row, operator, providers }: Props & { row: BankEntry }) {
  const { t } = useTranslation();
  const [provider, setProvider] = useState('');
  const maker = useMaker(operator);
  const propose = useAct(() => settle.proposeEntry(row.entry_id, provider), {
    renew: ['bank-entries'],
    said: () => t('c.done.proposed', { count: 1 }),
  });
  const why = maker || (provider ? '' : t('c.chooseProvider'));
  return (
    <Space size="small">
      <Select
        aria-label={t('c.whose')}
        size="small"
        style={{ width: 140 }}
        disabled={maker !== ''}
        value={provider || null}
        options={providers.map((value) => ({ value, label: value }))}
        onChange={setProvider}
      />
      <Why text={why}>
        <Button size="small" disabled={why !== ''} loading={propose.isPending} onClick={() => propose.mutate()}>
          {t('c.proposeShort')}
        </Button>
      </Why>
    </Space>
  );
}

function Decide({ row, operator }: { row: BankEntry; operator: Operator }) {
  const decide = useAct((decision: Decision) => settle.decideEntry(row.entry_id, decision), {
    renew: ['bank-entries', 'provider-payouts'],
  });
  return <Verdict by={[row.proposed_by]} operator={operator} busy={decide.isPending} decide={decide.mutate} />;
}
