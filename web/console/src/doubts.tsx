import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Input, Select, Space, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../../kit/dates';
import { api, type Doubt, type Operator } from './api';
import { money } from './columns';
import { Trouble } from './trouble';

/** What can be decided about which kind; the server says the same, and says no where it does not fit. */
const ACTIONS: Readonly<Record<Doubt['kind'], readonly string[]>> = {
  payment: ['confirm_paid', 'confirm_declined', 'credit', 'refund_payer'],
  refund: ['confirm_paid', 'confirm_declined'],
  return: ['dismiss'],
  callback: ['dismiss'],
  attempt: ['dismiss'],
};
const WORKERS = ['operations', 'finance_maker', 'finance_checker'];

/** The human queue: what no ladder settles. Taken by one person, asked again, decided on evidence. */
export function Doubts({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const doubts = useQuery({ queryKey: ['doubts'], queryFn: api.doubts, refetchInterval: 15_000 });
  if (doubts.error) return <Trouble error={doubts.error} />;
  const done = () => void doubts.refetch();
  return (
    <>
      <h1>{t('c.doubts')}</h1>
      <p className="muted">{t('c.doubts.note')}</p>
      <Table<Doubt>
        size="small"
        rowKey="id"
        loading={doubts.isPending}
        dataSource={doubts.data?.data ?? []}
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
        scroll={{ x: true }}
        locale={{ emptyText: t('c.doubts.none') }}
        expandable={{ expandedRowRender: (doubt) => <Decide doubt={doubt} operator={operator} done={done} /> }}
        columns={[
          { title: t('c.doubts.since'), dataIndex: 'opened_at', render: (at: string) => dateTime(at) },
          { title: t('c.doubts.kind'), dataIndex: 'kind', render: (kind: Doubt['kind']) => t(`c.doubts.kind.${kind}`) },
          { title: t('c.doubts.subject'), dataIndex: 'subject' },
          { title: t('c.provider'), dataIndex: 'provider' },
          money<Doubt>(t('c.amount'), 'amount'),
          { title: t('c.doubts.why'), dataIndex: 'why' },
          { title: t('c.doubts.owner'), dataIndex: 'owner', render: (owner: string | null) => owner ?? '–' },
          { title: t('c.doubts.tries'), dataIndex: 'tries' },
        ]}
      />
    </>
  );
}

interface RowProps {
  doubt: Doubt;
  operator: Operator;
  done: () => void;
}

/** Its buttons; one that is off says why beside it. */
function Decide({ doubt, operator, done }: RowProps) {
  const { t } = useTranslation();
  const worker = operator.roles.some((role) => WORKERS.includes(role));
  const mine = doubt.owner === operator.username;
  const act = useMutation({
    mutationFn: (verb: 'takings' | 'requeries') => api.doubtVerb(doubt.id, verb),
    onSuccess: done,
  });
  const taken = doubt.owner !== null && !mine ? t('c.doubts.others', { owner: doubt.owner }) : '';
  const whyTake = worker ? taken : t('c.doubts.needRole');
  const whyAsk = worker ? '' : t('c.doubts.needRole');
  return (
    <Space orientation="vertical">
      <Space wrap>
        <Button
          disabled={whyTake !== '' || mine}
          title={mine ? t('c.doubts.mine') : whyTake}
          onClick={() => act.mutate('takings')}
        >
          {t('c.doubts.take')}
        </Button>
        <Button disabled={whyAsk !== ''} title={whyAsk} loading={act.isPending} onClick={() => act.mutate('requeries')}>
          {t('c.doubts.ask')}
        </Button>
        <span className="muted">{mine ? t('c.doubts.mine') : whyTake}</span>
      </Space>
      <Propose doubt={doubt} why={whyTake} done={done} />
      {doubt.decisions.map((decision) => (
        <Judge key={decision.id} decision={decision} operator={operator} done={done} />
      ))}
      {act.error ? <Trouble error={act.error} /> : null}
    </Space>
  );
}

function Propose({ doubt, why, done }: { doubt: Doubt; why: string; done: () => void }) {
  const { t } = useTranslation();
  const actions = ACTIONS[doubt.kind];
  const [action, setAction] = useState(actions[0] ?? 'dismiss');
  const [evidence, setEvidence] = useState('');
  const propose = useMutation({
    mutationFn: () => api.decideDoubt(doubt.id, action, evidence.trim()),
    onSuccess: done,
  });
  const off = why || (evidence.trim().length < 5 ? t('c.doubts.needEvidence') : '');
  return (
    <Space wrap>
      <Select
        aria-label={t('c.doubts.action')}
        style={{ minWidth: 200 }}
        value={action}
        onChange={setAction}
        options={actions.map((value) => ({ value, label: t(`c.doubts.action.${value}`) }))}
      />
      <Input
        aria-label={t('c.doubts.evidence')}
        placeholder={t('c.doubts.evidence')}
        style={{ minWidth: 320 }}
        value={evidence}
        maxLength={200}
        onChange={(event) => setEvidence(event.target.value)}
      />
      <Button disabled={off !== ''} title={off} loading={propose.isPending} onClick={() => propose.mutate()}>
        {t('c.doubts.decide')}
      </Button>
      {off ? <span className="muted">{off}</span> : null}
      {propose.error ? <Trouble error={propose.error} /> : null}
    </Space>
  );
}

interface JudgeProps {
  decision: Doubt['decisions'][number];
  operator: Operator;
  done: () => void;
}

/** The second person. */
function Judge({ decision, operator, done }: JudgeProps) {
  const { t } = useTranslation();
  const judge = useMutation({
    mutationFn: (verdict: 'approve' | 'reject') => api.judgeDoubt(decision.id, verdict),
    onSuccess: done,
  });
  const own = decision.proposed_by === operator.username ? t('c.ownProposal') : '';
  const why =
    operator.roles.includes('finance_checker') || operator.roles.includes('operations') ? own : t('c.needChecker');
  return (
    <Space wrap>
      <span>
        {t(`c.doubts.action.${decision.action}`)} · {decision.evidence} · {decision.proposed_by} ·{' '}
        {t(`c.doubts.state.${decision.state}`)}
      </span>
      {decision.state === 'proposed' ? (
        <>
          <Button disabled={why !== ''} title={why} onClick={() => judge.mutate('approve')}>
            {t('c.approve')}
          </Button>
          <Button disabled={why !== ''} title={why} onClick={() => judge.mutate('reject')}>
            {t('c.reject')}
          </Button>
          {why ? <span className="muted">{why}</span> : null}
        </>
      ) : null}
      {judge.error ? <Trouble error={judge.error} /> : null}
    </Space>
  );
}
