import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { parseYuan } from '../../../kit/money';
import { useAct } from '../act';
import { Why } from '../verdict';
import { settle } from './settle-api';

interface Fields {
  provider: string;
  number: string;
  amount: string;
}

/** What a provider bills for the month; the same number again must be the same amount. */
export function InvoiceButton({ month, off }: { month: string; off: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm<Fields>();
  const enter = useAct(
    ({ provider, number, amount }: Fields) =>
      settle.enterInvoice({ provider, month, number: number.trim(), amount: parseYuan(amount) ?? 0 }),
    {
      renew: ['month'],
      said: ({ replayed }) => t(replayed ? 'c.invoiceKnown' : 'c.invoiceEntered'),
      then: () => setOpen(false),
    },
  );
  return (
    <>
      <Why text={off}>
        <Button disabled={off !== ''} onClick={() => setOpen(true)}>
          {t('c.enterInvoice')}
        </Button>
      </Why>
      <Modal
        open={open}
        title={`${t('c.enterInvoice')} · ${month}`}
        okText={t('c.save')}
        confirmLoading={enter.isPending}
        onCancel={() => setOpen(false)}
        onOk={() => form.submit()}
        destroyOnHidden
      >
        <Form<Fields> form={form} layout="vertical" preserve={false} onFinish={(fields) => enter.mutate(fields)}>
          <Form.Item name="provider" label={t('c.provider')} rules={[{ required: true }]}>
            <Input placeholder="bank_a" />
          </Form.Item>
          <Form.Item name="number" label={t('c.invoiceNumber')} rules={[{ required: true, max: 64 }]}>
            <Input />
          </Form.Item>
          <Form.Item
            name="amount"
            label={t('c.amount')}
            rules={[
              { required: true },
              {
                validator: (_, value: string) =>
                  parseYuan(value ?? '') ? Promise.resolve() : Promise.reject(new Error(t('c.amountForm'))),
              },
            ]}
          >
            <Input inputMode="decimal" />
          </Form.Item>
        </Form>
      </Modal>
    </>
  );
}
