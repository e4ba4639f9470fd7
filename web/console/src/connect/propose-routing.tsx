import { Button, Form, Input, Modal, Select, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import { parseYuan } from '../../../kit/money';
import { useAct } from '../act';
import { ppmOf, rate } from '../settle/terms-words';
import { connect, type RoutingRule } from './connect-api';

interface Rule {
  method: string;
  branch?: string;
  from?: string;
  to?: string;
  choose_by: RoutingRule['choose_by'];
  least?: string;
  providers: string[];
}
interface Fields {
  rules: Rule[];
  valid_from: string;
  reason: string;
}
interface Props {
  open: boolean;
  /** The rules in force: a new version begins as a copy of them. */
  from: RoutingRule[];
  onDone(): void;
}

/** A new version of all rules, in the order in which they are looked at. */
export function ProposeRouting({ open, from, onDone }: Props) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Fields>();
  const propose = useAct(
    ({ rules, valid_from: validFrom, reason }: Fields) =>
      connect.proposeRouting(
        rules.map((rule) => ruleOf(rule, from)),
        new Date(`${validFrom}:00+08:00`).toISOString(),
        reason.trim(),
      ),
    { renew: ['routing'], said: () => t('c.done.proposed', { count: 1 }), then: onDone },
  );
  return (
    <Modal
      open={open}
      width={1080}
      title={t('c.proposeRouting')}
      okText={t('c.proposeShort')}
      confirmLoading={propose.isPending}
      onCancel={onDone}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <p className="muted">{t('c.routing.note')}</p>
      <Form<Fields>
        form={form}
        layout="vertical"
        preserve={false}
        initialValues={{ rules: from.map(typed) }}
        onFinish={(fields) => propose.mutate(fields)}
      >
        <Rules />
        <Space wrap align="start">
          <Form.Item name="valid_from" label={t('c.validFrom')} rules={[{ required: true }]}>
            <Input type="datetime-local" />
          </Form.Item>
          <Form.Item name="reason" label={t('c.reason')} rules={[{ required: true, max: 500 }]}>
            <Input style={{ width: 420 }} />
          </Form.Item>
        </Space>
      </Form>
    </Modal>
  );
}

function Rules() {
  const { t } = useTranslation();
  const wrong = (key: string) => Promise.reject(new Error(t(key)));
  const yuan = { validator: (_: unknown, text?: string) => (!text || parseYuan(text) ? ok : wrong('c.amountForm')) };
  const share = {
    validator: (_: unknown, text?: string) => (!text || ppmOf(text) !== null ? ok : wrong('c.rateForm')),
  };
  const chooseBy = ['listed', 'cost', 'success'].map((value) => ({ value, label: t(`c.chooseBy.${value}`) }));
  return (
    <Form.List name="rules">
      {(rows, { add, remove, move }) => (
        <>
          {rows.map(({ key, name }) => (
            <Space key={key} wrap align="start" size="small">
              <Form.Item name={[name, 'method']} label={t('c.method')} rules={[{ required: true }]}>
                <Input style={{ width: 120 }} placeholder="agreement" />
              </Form.Item>
              <Form.Item name={[name, 'branch']} label={t('c.branch')} rules={[{ pattern: /^\d{6}$/ }]}>
                <Input style={{ width: 90 }} placeholder={t('c.everything')} />
              </Form.Item>
              <Form.Item name={[name, 'from']} label={t('c.amountFrom')} rules={[yuan]}>
                <Input style={{ width: 90 }} inputMode="decimal" />
              </Form.Item>
              <Form.Item name={[name, 'to']} label={t('c.amountTo')} rules={[yuan]}>
                <Input style={{ width: 90 }} inputMode="decimal" />
              </Form.Item>
              <Form.Item name={[name, 'choose_by']} label={t('c.chooseBy')}>
                <Select style={{ width: 120 }} options={chooseBy} />
              </Form.Item>
              <Form.Item name={[name, 'least']} label={t('c.leastSuccess')} rules={[share]}>
                <Input style={{ width: 80 }} placeholder="95%" />
              </Form.Item>
              <Form.Item name={[name, 'providers']} label={t('c.providersInOrder')} rules={[{ required: true }]}>
                <Select mode="tags" style={{ minWidth: 220 }} />
              </Form.Item>
              <Form.Item label=" ">
                <Space size="small">
                  <Button aria-label={t('c.moveUp')} disabled={name === 0} onClick={() => move(name, name - 1)}>
                    ↑
                  </Button>
                  <Button onClick={() => remove(name)}>{t('c.removeRow')}</Button>
                </Space>
              </Form.Item>
            </Space>
          ))}
          <Form.Item>
            <Button onClick={() => add({ choose_by: 'listed', providers: [] })}>{t('c.addRule')}</Button>
          </Form.Item>
        </>
      )}
    </Form.List>
  );
}

const ok = Promise.resolve();
const yuanText = (minor: number | null): string =>
  minor === null ? '' : `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;

const typed = (rule: RoutingRule): Rule => ({
  ...{ method: rule.method, branch: rule.branch ?? '', choose_by: rule.choose_by },
  ...{ from: yuanText(rule.amount_from), to: yuanText(rule.amount_to) },
  least: rule.least_success_ppm === 0 ? '' : rate(rule.least_success_ppm),
  providers: rule.providers.map(({ provider }) => provider),
});

/** A provider keeps the fee that the same rule in force names for it: this form shows who, not for how much. */
function ruleOf(rule: Rule, from: RoutingRule[]): object {
  const before = from.find((one) => one.method === rule.method && (one.branch ?? '') === (rule.branch ?? ''));
  return {
    ...{ method: rule.method.trim(), branch: rule.branch || null, choose_by: rule.choose_by },
    ...{ amount_from: rule.from ? parseYuan(rule.from) : null, amount_to: rule.to ? parseYuan(rule.to) : null },
    least_success_ppm: rule.least ? (ppmOf(rule.least) ?? 0) : 0,
    providers: rule.providers.map(
      (provider) => before?.providers.find((one) => one.provider === provider) ?? { provider },
    ),
  };
}
