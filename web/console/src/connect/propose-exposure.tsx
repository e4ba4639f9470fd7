import { Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { parseYuan } from '../../../kit/money';
import { useAct } from '../act';
import { ProposeForm, Reason } from '../propose-form';
import { connect } from './connect-api';

interface Fields {
  kind: 'deposit' | 'remittance' | 'limit';
  partner: string;
  amount?: string;
  basis?: 'date' | 'held' | 'prefund';
  receipt?: string;
  reason: string;
}

interface Props {
  open: boolean;
  partners: string[];
  onDone(): void;
}

/** Money that a partner paid in or remitted, or another limit; counts after another person's approval. */
export function ProposeExposure({ open, partners, onDone }: Props) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Fields>();
  const limit = Form.useWatch('kind', form) === 'limit';
  const propose = useAct(
    ({ amount, basis, receipt, ...fields }: Fields) =>
      connect.proposeExposure({
        ...fields,
        amount: amount ? parseYuan(amount) : null,
        ...(fields.kind === 'limit' ? { basis } : { receipt: receipt?.trim() }),
      }),
    { renew: ['exposure-changes'], said: () => t('c.done.proposed', { count: 1 }), then: onDone },
  );
  const words = (prefix: string, values: string[]) =>
    values.map((value) => ({ value, label: t(`${prefix}.${value}`) }));
  return (
    <ProposeForm<Fields>
      open={open}
      title={t('c.proposeExposure')}
      form={form}
      first={{ kind: 'deposit', basis: 'date', ...(partners[0] ? { partner: partners[0] } : {}) }}
      busy={propose.isPending}
      onDone={onDone}
      onSubmit={(fields) => propose.mutate(fields)}
    >
      <Form.Item name="kind" label={t('c.change')}>
        <Select options={words('c.exposureKind', ['deposit', 'remittance', 'limit'])} />
      </Form.Item>
      <Form.Item name="partner" label={t('c.partner')} rules={[{ required: true }]}>
        <Select options={partners.map((value) => ({ value, label: value }))} />
      </Form.Item>
      <Form.Item
        name="amount"
        label={t('c.amount')}
        extra={limit ? t('c.noAmountNoLimit') : ''}
        rules={[
          { required: !limit },
          {
            validator: (_, text?: string) =>
              !text || parseYuan(text) ? Promise.resolve() : Promise.reject(new Error(t('c.amountForm'))),
          },
        ]}
      >
        <Input inputMode="decimal" />
      </Form.Item>
      {limit ? (
        <Form.Item name="basis" label={t('c.basisHead')}>
          <Select options={words('c.basis', ['date', 'held', 'prefund'])} />
        </Form.Item>
      ) : (
        <Form.Item name="receipt" label={t('c.receipt')} rules={[{ required: true, max: 64 }]}>
          <Input />
        </Form.Item>
      )}
      <Reason />
    </ProposeForm>
  );
}
