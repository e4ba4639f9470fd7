import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import { parseYuan } from '../../../kit/money';
import { useAct } from '../act';
import { ProposeForm, Reason } from '../propose-form';
import { settle } from './settle-api';
import { ppmOf } from './terms-words';

interface Fields {
  id: string;
  provider: string;
  valid_from: string;
  ppm?: string;
  min?: string;
  cap?: string;
  fixed?: string;
  tiers?: { from: string; ppm: string }[];
  tier_mode: 'marginal' | 'retroactive';
  round_per: 'payment' | 'day';
  collection: 'netted' | 'invoiced';
  refund_policy: 'kept' | 'proportional' | 'as_statement';
  reason: string;
}
const FIRST: Partial<Fields> = {
  ...{ tier_mode: 'marginal', round_per: 'payment', collection: 'netted', refund_policy: 'kept' },
};

/** A new line of a provider's contract. It prices nothing until it was simulated and somebody else approved it. */
export function ProposeFee({ open, onDone }: { open: boolean; onDone(): void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Fields>();
  const propose = useAct((fields: Fields) => settle.proposeSchedule(scheduleOf(fields), fields.reason.trim()), {
    renew: ['schedules'],
    said: () => t('c.feeProposed'),
    then: onDone,
  });
  return (
    <ProposeForm<Fields>
      open={open}
      width={640}
      title={t('c.proposeFee')}
      form={form}
      first={FIRST}
      busy={propose.isPending}
      onDone={onDone}
      onSubmit={(fields) => propose.mutate(fields)}
    >
      <Whose />
      <Prices />
      <Tiers />
      <Conditions />
      <Reason />
    </ProposeForm>
  );
}

function Whose() {
  const { t } = useTranslation();
  const schedules = useQuery({ queryKey: ['schedules'], queryFn: settle.schedules });
  const providers = [...new Set((schedules.data?.data ?? []).map(({ provider }) => provider))];
  return (
    <Space wrap align="start">
      <Form.Item name="provider" label={t('c.provider')} rules={[{ required: true }]}>
        <Select style={{ width: 160 }} options={providers.map((value) => ({ value, label: value }))} />
      </Form.Item>
      <Form.Item
        name="id"
        label={t('c.terms')}
        rules={[{ required: true, pattern: /^[a-z0-9][a-z0-9_.-]{0,39}$/, message: t('c.termsForm') }]}
      >
        <Input placeholder="bank_a-2027" />
      </Form.Item>
      <Form.Item name="valid_from" label={t('c.validFrom')} rules={[{ required: true }]}>
        <Input type="date" />
      </Form.Item>
    </Space>
  );
}

/** A price by volume, or one rounded per day, is a plain rate; with tiers the rate is that of the first. */
function Prices() {
  const { t } = useTranslation();
  const form = Form.useFormInstance<Fields>();
  const tiered = (Form.useWatch('tiers', form) ?? []).length > 0;
  const per = Form.useWatch('round_per', form);
  const plain = tiered || per === 'day';
  const yuan = { validator: (_: unknown, text?: string) => (!text || parseYuan(text) ? ok : no(t('c.amountForm'))) };
  return (
    <Space wrap align="start">
      <Form.Item name="ppm" label={t('c.rate')} rules={[{ required: !tiered }, useRateRule()]}>
        <Input style={{ width: 110 }} placeholder="0.38%" disabled={tiered} />
      </Form.Item>
      {(['min', 'cap', 'fixed'] as const).map((name) => (
        <Form.Item key={name} name={name} label={t(`c.feePart.${name}`)} rules={[yuan]}>
          <Input style={{ width: 110 }} inputMode="decimal" disabled={plain} />
        </Form.Item>
      ))}
      {plain ? <span className="muted">{t('c.plainRate')}</span> : null}
    </Space>
  );
}

/** Steps of the month's volume; the first begins at nothing. */
function Tiers() {
  const { t } = useTranslation();
  const rateRule = useRateRule();
  const from = {
    validator: (_: unknown, text?: string) => (text === '0' || parseYuan(text ?? '') ? ok : no(t('c.amountForm'))),
  };
  return (
    <Form.List name="tiers">
      {(rows, { add, remove }) => (
        <div className="stack">
          {rows.map(({ key, name }) => (
            <Space key={key} align="start">
              <Form.Item name={[name, 'from']} label={t('c.tierFrom')} rules={[from]}>
                <Input style={{ width: 140 }} inputMode="decimal" />
              </Form.Item>
              <Form.Item name={[name, 'ppm']} label={t('c.rate')} rules={[{ required: true }, rateRule]}>
                <Input style={{ width: 110 }} />
              </Form.Item>
              <Form.Item label=" ">
                <Button onClick={() => remove(name)}>{t('c.removeRow')}</Button>
              </Form.Item>
            </Space>
          ))}
          <Form.Item>
            <Button onClick={() => add({ from: rows.length === 0 ? '0' : '' })}>{t('c.addTier')}</Button>
          </Form.Item>
        </div>
      )}
    </Form.List>
  );
}

function Conditions() {
  const { t } = useTranslation();
  const choice = (name: keyof Fields, prefix: string, values: string[]) => (
    <Form.Item name={name} label={t(`c.feePart.${name}`)}>
      <Select style={{ width: 180 }} options={values.map((value) => ({ value, label: t(`c.w.${prefix}${value}`) }))} />
    </Form.Item>
  );
  return (
    <Space wrap align="start">
      {choice('tier_mode', '', ['marginal', 'retroactive'])}
      {choice('round_per', 'per_', ['payment', 'day'])}
      {choice('collection', '', ['netted', 'invoiced'])}
      {choice('refund_policy', 'refund_', ['kept', 'proportional', 'as_statement'])}
    </Space>
  );
}

const ok = Promise.resolve();
const no = (why: string) => Promise.reject(new Error(why));

export function useRateRule() {
  const { t } = useTranslation();
  return { validator: (_: unknown, text?: string) => (!text || ppmOf(text) !== null ? ok : no(t('c.rateForm'))) };
}

function scheduleOf({ reason: _, ppm, min, cap, fixed, tiers: typed = [], ...fields }: Fields): object {
  const tiers = typed.map((tier) => ({ from: parseYuan(tier.from) ?? 0, ppm: ppmOf(tier.ppm) }));
  const plain = tiers.length > 0 || fields.round_per === 'day';
  const sum = (name: string, text?: string) => (text && !plain ? { [name]: parseYuan(text) } : {});
  return {
    ...{ ...fields, ppm: tiers[0]?.ppm ?? ppmOf(ppm ?? ''), tiers },
    ...{ ...sum('min', min), ...sum('cap', cap), ...sum('fixed', fixed) },
  };
}
