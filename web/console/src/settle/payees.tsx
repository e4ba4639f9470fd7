import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../../../kit/dates';
import type { Look } from '../../../kit/state';
import { StateTag } from '../../../kit/state-tag';
import { useAct } from '../act';
import type { Operator } from '../api';
import { ProposeForm, Reason } from '../propose-form';
import { Trouble } from '../trouble';
import { useMaker, Verdict, Why } from '../verdict';
import { settle, type Decision, type Payee } from './settle-api';

const LOOKS: Record<Payee['state'], Look> = { proposed: 'waiting', approved: 'done', rejected: 'ended' };
const KINDS: Payee['party_kind'][] = ['branch', 'partner', 'provider', 'payer'];

/** Whom headquarters may pay: added and retired by two people, counting only after a wait. */
export function Payees({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const payees = useQuery({ queryKey: ['payees'], queryFn: settle.payees });
  const [adding, setAdding] = useState(false);
  const maker = useMaker(operator);
  if (payees.error) return <Trouble error={payees.error} />;
  return (
    <>
      <Why text={maker}>
        <Button disabled={maker !== ''} onClick={() => setAdding(true)}>
          {t('c.proposePayee')}
        </Button>
      </Why>
      <Table<Payee>
        className="gap"
        size="small"
        rowKey="id"
        loading={payees.isPending}
        dataSource={payees.data?.data ?? []}
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
        scroll={{ x: true }}
        locale={{ emptyText: t('c.noPayees') }}
        columns={[
          { title: t('c.party'), key: 'party', render: (_, one) => `${t(`c.party.${one.party_kind}`)} ${one.party}` },
          { title: t('c.payeeAct'), dataIndex: 'action', render: (value: string) => t(`c.payeeAct.${value}`) },
          { title: t('c.holder'), dataIndex: 'name', render: (value: string) => value || '–' },
          {
            title: t('c.account'),
            dataIndex: 'account',
            render: (value: string) => (value ? `··${value.slice(-4)}` : '–'),
          },
          { title: t('c.reason'), dataIndex: 'reason' },
          {
            title: t('c.state'),
            dataIndex: 'state',
            render: (state: Payee['state']) => <StateTag look={LOOKS[state]}>{t(`c.rule.${state}`)}</StateTag>,
          },
          { title: t('c.proposer'), dataIndex: 'proposed_by' },
          {
            title: t('c.countsFrom'),
            dataIndex: 'effective_at',
            render: (at: string | null) => (at === null ? '–' : dateTime(at)),
          },
          { title: '', key: 'decide', render: (_, one) => <Decide payee={one} operator={operator} /> },
        ]}
      />
      <AddPayee open={adding} onDone={() => setAdding(false)} />
    </>
  );
}

function Decide({ payee, operator }: { payee: Payee; operator: Operator }) {
  const decide = useAct((decision: Decision) => settle.decidePayee(payee.id, decision), { renew: ['payees'] });
  if (payee.state !== 'proposed') return null;
  return <Verdict by={[payee.proposed_by]} operator={operator} busy={decide.isPending} decide={decide.mutate} />;
}

interface Fields {
  party_kind: Payee['party_kind'];
  party: string;
  action: Payee['action'];
  name?: string;
  account?: string;
  bic?: string;
  reason: string;
}

function AddPayee({ open, onDone }: { open: boolean; onDone(): void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Fields>();
  const action = Form.useWatch('action', form);
  const propose = useAct(
    ({ account, name, bic, ...fields }: Fields) =>
      settle.proposePayee({
        ...fields,
        ...(account ? { account: account.replace(/\s/g, '').toUpperCase() } : {}),
        ...(name ? { name } : {}),
        ...(bic ? { bic: bic.toUpperCase() } : {}),
      }),
    { renew: ['payees'], said: () => t('c.done.proposed', { count: 1 }), then: onDone },
  );
  const retiring = action === 'retire';
  return (
    <ProposeForm<Fields>
      open={open}
      title={t('c.proposePayee')}
      form={form}
      first={{ party_kind: 'branch', action: 'add' }}
      busy={propose.isPending}
      onDone={onDone}
      onSubmit={(fields) => propose.mutate(fields)}
    >
      <Form.Item name="action" label={t('c.payeeAct')}>
        <Select options={['add', 'retire'].map((value) => ({ value, label: t(`c.payeeAct.${value}`) }))} />
      </Form.Item>
      <Form.Item name="party_kind" label={t('c.partyKind')}>
        <Select options={KINDS.map((value) => ({ value, label: t(`c.party.${value}`) }))} />
      </Form.Item>
      <Form.Item name="party" label={t('c.partyCode')} rules={[{ required: true, max: 40 }]}>
        <Input placeholder="420000" />
      </Form.Item>
      <Form.Item name="name" label={t('c.holder')} rules={[{ required: !retiring, max: 70 }]}>
        <Input disabled={retiring} />
      </Form.Item>
      <Form.Item name="account" label={t('c.accountNumber')} rules={[{ required: !retiring }]}>
        <Input disabled={retiring} />
      </Form.Item>
      <Form.Item name="bic" label="BIC">
        <Input disabled={retiring} />
      </Form.Item>
      <Reason />
    </ProposeForm>
  );
}
