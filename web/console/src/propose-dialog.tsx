import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, type Break } from './api';
import { ProposeForm, Reason } from './propose-form';

type Action = Break['suggested'];

/** What is done by hand stands on a paper that the second person can look up. */
const ON_PAPER = ['move_credit', 'repair_gateway'];

interface Fields {
  action: string;
  reason: string;
  evidence?: string;
  branch?: string;
  subscriber?: string;
}

function proposalOf({ id, version }: Break, { action, reason, evidence, branch, subscriber }: Fields) {
  const proposal = { break: id, version, action, reason, ...(evidence ? { evidence } : {}) };
  return action === 'move_credit' && branch && subscriber
    ? { ...proposal, to: { subscriber_id: subscriber, branch } }
    : proposal;
}

/** Whose the credit should have been. */
function MoveTo() {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item name="branch" label={t('c.moveToBranch')} rules={[{ required: true, pattern: /^\d{6}$/ }]}>
        <Input inputMode="numeric" maxLength={6} />
      </Form.Item>
      <Form.Item name="subscriber" label={t('c.moveToSubscriber')} rules={[{ required: true, max: 32 }]}>
        <Input />
      </Form.Item>
    </>
  );
}

/** What every one of the rows may be given: an action that one of them is refused is not offered. */
function allowedOf(rows: readonly Break[]): Action[] {
  const [first, ...rest] = rows;
  return (first?.allowed ?? []).filter((action) => rest.every(({ allowed }) => allowed.includes(action)));
}

export function ProposeDialog({ rows, onDone }: { rows: Break[]; onDone(): void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const action = Form.useWatch('action', form) ?? '';
  const propose = useMutation({
    mutationFn: (fields: Fields) => api.propose(rows.map((row) => proposalOf(row, fields))),
    onSuccess: async ({ data }) => {
      void message.success(t('c.done.proposed', { count: data.filter((one) => one.outcome === 'ok').length }));
      await queries.invalidateQueries();
      onDone();
    },
    onError: (error) => void message.error(error.message),
  });
  const allowed = allowedOf(rows);
  const [suggested] = allowed.filter((one) => rows.every((row) => row.suggested === one));
  return (
    <ProposeForm<Fields>
      open={rows.length > 0}
      title={t('c.propose')}
      okText={t('c.propose')}
      form={form}
      first={suggested ? { action: suggested } : {}}
      busy={propose.isPending}
      onDone={onDone}
      onSubmit={(fields) => propose.mutate(fields)}
    >
      <Form.Item
        name="action"
        label={t('c.chooseResolution')}
        rules={[{ required: true }]}
        extra={allowed.length === 0 ? t('c.nothingAllowedForAll') : ''}
      >
        <Select options={allowed.map((value) => ({ value, label: t(`action.${value}`) }))} />
      </Form.Item>
      <Reason max={500} focus />
      <Form.Item name="evidence" label={t('c.evidence')} rules={[{ required: ON_PAPER.includes(action), max: 500 }]}>
        <Input placeholder={t('c.evidenceHint')} />
      </Form.Item>
      {action === 'move_credit' ? <MoveTo /> : null}
    </ProposeForm>
  );
}
