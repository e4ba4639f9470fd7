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
  'claim_provider',
  'correct_fee',
  'requery',
  'carry',
  'write_off',
  'accept',
];

interface Fields {
  action: string;
  reason: string;
}

export function ProposeDialog({ rows, onDone }: { rows: Break[]; onDone(): void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const propose = useMutation({
    mutationFn: ({ action, reason }: Fields) =>
      api.propose(rows.map((row) => ({ break: row.id, version: row.version, action, reason }))),
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
      </Form>
    </Modal>
  );
}
