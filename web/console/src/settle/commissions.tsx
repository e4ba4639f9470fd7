import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select, Space, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { StateTag } from '../../../kit/state-tag';
import { useAct } from '../act';
import type { Operator } from '../api';
import { ProposeForm, Reason } from '../propose-form';
import { Trouble } from '../trouble';
import { useMaker, Verdict, Why } from '../verdict';
import { TERMS } from './fees';
import { useRateRule } from './propose-fee';
import { settle, type CommissionPlan, type Decision } from './settle-api';
import { planWords, ppmOf } from './terms-words';

/** What earners get, in words; a new plan by one person counts after another's approval. */
export function CommissionsPage({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const plans = useQuery({ queryKey: ['plans'], queryFn: settle.plans });
  const [proposing, setProposing] = useState(false);
  const maker = useMaker(operator);
  if (plans.error) return <Trouble error={plans.error} />;
  return (
    <>
      <h1>{t('c.commissions')}</h1>
      <p className="muted">{t('c.plans.note')}</p>
      <Why text={maker}>
        <Button type="primary" disabled={maker !== ''} onClick={() => setProposing(true)}>
          {t('c.proposePlan')}
        </Button>
      </Why>
      <Table<CommissionPlan>
        className="gap"
        size="small"
        rowKey="id"
        loading={plans.isPending}
        dataSource={plans.data?.data ?? []}
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
        scroll={{ x: true }}
        locale={{ emptyText: t('c.noPlans') }}
        columns={[
          { title: t('c.terms'), dataIndex: 'id' },
          { title: t('c.appliesTo'), key: 'applies', render: (_, row) => appliesTo(row, t) },
          { title: t('c.inWords'), key: 'words', render: (_, row) => planWords(row, t) },
          { title: t('c.validFrom'), key: 'from', render: (_, { plan }) => plan.valid_from },
          { title: t('c.validTo'), key: 'to', render: (_, { plan }) => plan.valid_to ?? '–' },
          {
            title: t('c.state'),
            dataIndex: 'state',
            render: (state: CommissionPlan['state']) => (
              <StateTag look={TERMS[state]}>{t(`c.termsState.${state}`)}</StateTag>
            ),
          },
          { title: t('c.proposer'), dataIndex: 'proposed_by', render: (value: string) => value || '–' },
          { title: t('c.reason'), dataIndex: 'reason', render: (value: string) => value || '–' },
          { title: '', key: 'decide', render: (_, row) => <Decide row={row} operator={operator} /> },
        ]}
      />
      <ProposePlan open={proposing} onDone={() => setProposing(false)} />
    </>
  );
}

function appliesTo({ plan }: CommissionPlan, t: (key: string) => string): string {
  const channel = plan.channel === '*' ? '' : t(`channel.${plan.channel}`);
  const parts = [channel, plan.partner, plan.acquiring_branch].filter((one) => one !== '*' && one !== '');
  return parts.length === 0 ? t('c.everything') : parts.join(' · ');
}

function Decide({ row, operator }: { row: CommissionPlan; operator: Operator }) {
  const decide = useAct((decision: Decision) => settle.decidePlan(row.id, decision), { renew: ['plans'] });
  if (row.state !== 'draft') return null;
  return <Verdict by={[row.proposed_by]} operator={operator} busy={decide.isPending} decide={decide.mutate} />;
}

interface Fields {
  id: string;
  partner?: string;
  earner: 'partner' | 'acquiring_branch';
  ppm: string;
  tax?: string;
  bearer: 'home' | 'hq';
  valid_from: string;
  reason: string;
}

function ProposePlan({ open, onDone }: { open: boolean; onDone(): void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Fields>();
  const rateRule = useRateRule();
  const propose = useAct(
    ({ reason, ppm, tax, partner, ...plan }: Fields) => {
      const rates = { ppm: ppmOf(ppm), ...(tax ? { tax_ppm: ppmOf(tax) } : {}) };
      return settle.proposePlan({ ...plan, ...rates, ...(partner ? { partner } : {}) }, reason.trim());
    },
    { renew: ['plans'], said: () => t('c.done.proposed', { count: 1 }), then: onDone },
  );
  const words = (values: string[], prefix: string) =>
    values.map((value) => ({ value, label: t(`c.w.${prefix}${value}`) }));
  return (
    <ProposeForm<Fields>
      open={open}
      title={t('c.proposePlan')}
      form={form}
      first={{ earner: 'partner', bearer: 'home' }}
      busy={propose.isPending}
      onDone={onDone}
      onSubmit={(fields) => propose.mutate(fields)}
    >
      <Form.Item
        name="id"
        label={t('c.terms')}
        rules={[{ required: true, pattern: /^[a-z0-9][a-z0-9_.-]{0,39}$/, message: t('c.termsForm') }]}
      >
        <Input placeholder="agents-2027" />
      </Form.Item>
      <Space wrap align="start">
        <Form.Item name="earner" label={t('c.earner')}>
          <Select style={{ width: 160 }} options={words(['partner', 'acquiring_branch'], 'earner_')} />
        </Form.Item>
        <Form.Item name="partner" label={t('c.partnerCode')}>
          <Input placeholder={t('c.everything')} />
        </Form.Item>
        <Form.Item name="ppm" label={t('c.rate')} rules={[{ required: true }, rateRule]}>
          <Input style={{ width: 110 }} placeholder="0.5%" />
        </Form.Item>
        <Form.Item name="tax" label={t('c.taxRate')} rules={[rateRule]}>
          <Input style={{ width: 110 }} />
        </Form.Item>
        <Form.Item name="bearer" label={t('c.bears')}>
          <Select style={{ width: 160 }} options={words(['home', 'hq'], '')} />
        </Form.Item>
        <Form.Item name="valid_from" label={t('c.validFrom')} rules={[{ required: true }]}>
          <Input type="date" />
        </Form.Item>
      </Space>
      <Reason />
    </ProposeForm>
  );
}
