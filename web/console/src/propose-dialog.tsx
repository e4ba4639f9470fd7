import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, type Break } from './api';

const ACTIONS = [
  'credit',
  'confirm_paid',
  'confirm_declined',
  'refund_payer',
  'reverse_credit',
  'move_credit',
  'repair_gateway',
  'claim_provider',
  'correct_fee',
  'requery',
  'carry',
  'write_off',
  'accept',
];

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
  return (
    <Modal
      open={rows.length > 0}
      title={t('c.propose')}
      okText={t('c.propose')}
      confirmLoading={propose.isPending}
      onCancel={onDone}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form<Fields>
        form={form}
        layout="vertical"
        initialValues={{ action: rows[0]?.suggested }}
        preserve={false}
        onFinish={(fields) => propose.mutate(fields)}
      >
        <Form.Item name="action" label={t('c.chooseResolution')} rules={[{ required: true }]}>
          <Select options={ACTIONS.map((value) => ({ value, label: t(`action.${value}`) }))} />
        </Form.Item>
        <Form.Item name="reason" label={t('c.reason')} rules={[{ required: true, max: 500 }]}>
          <Input.TextArea rows={3} autoFocus />
        </Form.Item>
        <Form.Item name="evidence" label={t('c.evidence')} rules={[{ required: ON_PAPER.includes(action), max: 500 }]}>
          <Input placeholder={t('c.evidenceHint')} />
        </Form.Item>
        {action === 'move_credit' ? <MoveTo /> : null}
      </Form>
    </Modal>
  );
}
