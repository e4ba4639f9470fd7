import { useQuery } from '@tanstack/react-query';
import { Button, Popconfirm, Space, Table, Tabs } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { date as dateOf } from '../../../kit/dates';
import type { Look } from '../../../kit/state';
import { StateTag } from '../../../kit/state-tag';
import { useAct } from '../act';
import type { Operator } from '../api';
import { money } from '../columns';
import { FileButton, type PickedFile } from '../file-button';
import { Trouble } from '../trouble';
import { useMaker, Verdict, Why } from '../verdict';
import { Payees } from './payees';
import { ProposeRun } from './propose-run';
import { settle, type Decision, type Payout, type PayoutRun } from './settle-api';

const RUNS: Record<PayoutRun['state'], Look> = {
  proposed: 'waiting',
  approved_once: 'waiting',
  sent: 'working',
  withdrawn: 'ended',
};
const PAYOUTS: Record<string, Look> = {
  planned: 'waiting',
  sent: 'working',
  booked: 'done',
  rejected: 'failed',
  returned: 'failed',
  withdrawn: 'ended',
};

/** Money that leaves headquarters: runs with their approvals, and the accounts it may go to. */
export function PayoutsPage({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  return (
    <>
      <h1>{t('c.payouts')}</h1>
      <Tabs
        activeKey={params.get('tab') ?? 'runs'}
        onChange={(tab) => setParams({ tab })}
        items={[
          { key: 'runs', label: t('c.runs'), children: <Runs operator={operator} /> },
          { key: 'payees', label: t('c.payees'), children: <Payees operator={operator} /> },
        ]}
      />
    </>
  );
}

function Runs({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const runs = useQuery({ queryKey: ['payout-runs'], queryFn: settle.runs });
  const [proposing, setProposing] = useState(false);
  const maker = useMaker(operator);
  const status = useAct(({ base64 }: PickedFile) => settle.payoutStatus(dateOf(new Date().toISOString()), base64), {
    renew: ['payout-runs'],
    said: ({ rejected, noted, findings }) =>
      t('c.statusDone', { rejected: rejected.length, noted, findings: findings.length }),
  });
  if (runs.error) return <Trouble error={runs.error} />;
  return (
    <>
      <Space wrap>
        <Why text={maker}>
          <Button type="primary" disabled={maker !== ''} onClick={() => setProposing(true)}>
            {t('c.proposeRun')}
          </Button>
        </Why>
        <FileButton
          label={t('c.takeStatus')}
          accept=".xml"
          off={maker}
          busy={status.isPending}
          onFile={status.mutate}
        />
      </Space>
      <Table<PayoutRun>
        className="gap"
        size="small"
        rowKey="run_id"
        loading={runs.isPending}
        dataSource={runs.data?.data ?? []}
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
        scroll={{ x: true }}
        locale={{ emptyText: t('c.noRuns') }}
        expandable={{ expandedRowRender: (run) => <Lines run={run} /> }}
        columns={[
          { title: t('c.runId'), dataIndex: 'run_id' },
          { title: t('c.account'), dataIndex: 'account' },
          { title: t('c.executionDay'), dataIndex: 'execution_day' },
          { title: t('c.count'), key: 'count', align: 'right', render: (_, { payouts }) => payouts.length },
          money<PayoutRun>(t('c.amount'), 'total'),
          {
            title: t('c.state'),
            dataIndex: 'state',
            render: (state: PayoutRun['state']) => <StateTag look={RUNS[state]}>{t(`c.runState.${state}`)}</StateTag>,
          },
          { title: t('c.proposer'), dataIndex: 'proposed_by' },
          { title: t('c.twoApprovals'), key: 'approvals', render: (_, run) => approvalsOf(run) },
          { title: '', key: 'act', render: (_, run) => <RunActs run={run} operator={operator} /> },
        ]}
      />
      <ProposeRun open={proposing} onDone={() => setProposing(false)} />
    </>
  );
}

/** `1/2 clerk.b` */
function approvalsOf({ first_by: first, second_by: second }: PayoutRun): string {
  const by = [first, second].filter((name) => name !== '');
  return `${by.length}/2 ${by.join(' ')}`;
}

function RunActs({ run, operator }: { run: PayoutRun; operator: Operator }) {
  const { t } = useTranslation();
  const maker = useMaker(operator);
  const renew = ['payout-runs', 'positions'];
  const decide = useAct((decision: Decision) => settle.decideRun(run.run_id, decision), { renew });
  const withdraw = useAct(() => settle.withdrawRun(run.run_id), { renew });
  if (run.state === 'withdrawn') return null;
  if (run.state === 'sent') {
    return (
      <Button size="small" href={settle.runFile(run.run_id)}>
        {t('c.pain001')}
      </Button>
    );
  }
  return (
    <Space size="small">
      <Verdict
        by={[run.proposed_by, run.first_by]}
        operator={operator}
        busy={decide.isPending}
        decide={decide.mutate}
      />
      <Why text={maker}>
        <Popconfirm title={t('c.withdrawAsk')} onConfirm={() => withdraw.mutate()} disabled={maker !== ''}>
          <Button size="small" disabled={maker !== ''} loading={withdraw.isPending}>
            {t('c.withdraw')}
          </Button>
        </Popconfirm>
      </Why>
    </Space>
  );
}

/** What became of each payout; a refused or returned one says why, and that it is owed again. */
function Lines({ run }: { run: PayoutRun }) {
  const { t, i18n } = useTranslation();
  return (
    <Table<Payout>
      size="small"
      rowKey="number"
      dataSource={run.payouts}
      pagination={{ pageSize: 50, hideOnSinglePage: true }}
      columns={[
        { title: t('c.payoutNumber'), dataIndex: 'number' },
        { title: t('c.party'), key: 'party', render: (_, one) => `${t(`c.party.${one.party_kind}`)} ${one.party}` },
        money<Payout>(t('c.amount'), 'amount'),
        {
          title: t('c.state'),
          dataIndex: 'state',
          render: (state: string) => (
            <StateTag look={PAYOUTS[state] ?? 'unknown'}>
              {i18n.exists(`c.payoutState.${state}`) ? t(`c.payoutState.${state}`) : state}
            </StateTag>
          ),
        },
        {
          title: t('c.bankSaid'),
          dataIndex: 'bank_status',
          render: (value: string) => (i18n.exists(`c.bankSays.${value}`) ? t(`c.bankSays.${value}`) : value || '–'),
        },
        { title: t('c.reason'), dataIndex: 'reason', render: (value: string) => value || '–' },
        { title: t('c.retryOf'), dataIndex: 'retry_of', render: (value: string) => value || '–' },
      ]}
    />
  );
}
