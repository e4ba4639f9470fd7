import { useQuery } from '@tanstack/react-query';
import { Button, Input, Popconfirm, Space, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Look } from '../../../kit/state';
import { StateTag } from '../../../kit/state-tag';
import { useAct } from '../act';
import type { Operator } from '../api';
import { money } from '../columns';
import { Trouble } from '../trouble';
import { useMaker, Why } from '../verdict';
import { accountWords, originalWords } from './adjustment-words';
import { ProposeAdjustment } from './propose-adjustment';
import { settle, type Adjustment } from './settle-api';

const LOOKS: Record<Adjustment['state'], Look> = {
  ...{ proposed: 'waiting', approved: 'working', posted: 'done', rejected: 'ended' },
};
type Leg = Adjustment['legs'][number];

/** Corrections of what is signed off: what they move, on what evidence, by whom, and which open date took them. */
export function AdjustmentsPage({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const adjustments = useQuery({ queryKey: ['adjustments'], queryFn: () => settle.adjustments() });
  const [proposing, setProposing] = useState(false);
  const maker = useMaker(operator);
  if (adjustments.error) return <Trouble error={adjustments.error} />;
  return (
    <>
      <h1>{t('c.adjustments')}</h1>
      <p className="muted">{t('c.adj.note')}</p>
      <Why text={maker}>
        <Button type="primary" disabled={maker !== ''} onClick={() => setProposing(true)}>
          {t('c.proposeAdjustment')}
        </Button>
      </Why>
      <Table<Adjustment>
        className="gap"
        size="small"
        rowKey="id"
        loading={adjustments.isPending}
        dataSource={adjustments.data?.data ?? []}
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
        scroll={{ x: true }}
        locale={{ emptyText: t('c.noAdjustments') }}
        expandable={{ expandedRowRender: (row) => <Legs of={row} /> }}
        columns={[
          { title: t('c.adj.id'), dataIndex: 'id' },
          { title: t('c.adj.corrects'), key: 'original', render: (_, row) => originalWords(row.original, t) },
          { title: t('c.reason'), dataIndex: 'reason' },
          {
            title: t('c.state'),
            dataIndex: 'state',
            render: (state: Adjustment['state'], { note }) => (
              <StateTag look={LOOKS[state]}>
                {t(`c.adj.state.${state}`)}
                {note ? ` · ${note}` : ''}
              </StateTag>
            ),
          },
          { title: t('c.adj.countsFor'), dataIndex: 'accounting_date', render: (date: string) => date || '–' },
          { title: t('c.proposer'), dataIndex: 'proposed_by' },
          { title: t('c.adj.decider'), key: 'decide', render: (_, row) => <Decide row={row} operator={operator} /> },
        ]}
      />
      <ProposeAdjustment open={proposing} onDone={() => setProposing(false)} />
    </>
  );
}

/** What moves for whom, with what it stands on. */
function Legs({ of }: { of: Adjustment }) {
  const { t } = useTranslation();
  return (
    <>
      <p>
        {t('c.evidence')}: {of.evidence}
      </p>
      <Table<Leg>
        size="small"
        rowKey={({ account, party, payment_no: payment }) => `${account}/${party}/${payment ?? ''}`}
        dataSource={of.legs}
        pagination={false}
        columns={[
          { title: t('c.adj.account'), key: 'account', render: (_, leg) => accountWords(leg.account, leg.party, t) },
          { title: t('c.adj.payment'), dataIndex: 'payment_no', render: (number?: string) => number ?? '–' },
          money<Leg>(t('c.amount'), 'amount'),
        ]}
      />
    </>
  );
}

/** The second person approves, or says why not. */
function Decide({ row, operator }: { row: Adjustment; operator: Operator }) {
  const { t } = useTranslation();
  const [note, setNote] = useState('');
  const decide = useAct(
    (decision: 'approve' | 'reject') =>
      settle.decideAdjustment(row.id, decision, decision === 'reject' ? note.trim() : ''),
    { renew: ['adjustments'] },
  );
  if (row.state !== 'proposed') return <span className="muted">{row.decided_by}</span>;
  const allowed = operator.roles.includes('finance_checker');
  const off = row.proposed_by === operator.username ? t('c.ownProposal') : allowed ? '' : t('c.needChecker');
  return (
    <Space size="small">
      <Why text={off}>
        <Button
          size="small"
          type="primary"
          disabled={off !== ''}
          loading={decide.isPending}
          onClick={() => decide.mutate('approve')}
        >
          {t('c.approve')}
        </Button>
      </Why>
      <Why text={off}>
        <Popconfirm
          title={t('c.adj.rejectWhy')}
          description={
            <Input
              aria-label={t('c.adj.rejectWhy')}
              maxLength={200}
              value={note}
              onChange={({ target }) => setNote(target.value)}
            />
          }
          okButtonProps={{ disabled: note.trim() === '' }}
          okText={t('c.reject')}
          disabled={off !== ''}
          onConfirm={() => decide.mutate('reject')}
        >
          <Button size="small" disabled={off !== ''}>
            {t('c.reject')}
          </Button>
        </Popconfirm>
      </Why>
    </Space>
  );
}
