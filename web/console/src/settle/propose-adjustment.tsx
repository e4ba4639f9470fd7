import { Button, Form, Input, Modal, Select, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import { figure } from '../../../kit/money';
import { useAct } from '../act';
import { legsOf, signedYuan, sumOf, type TypedLeg } from './adjustment-words';
import { settle, type Adjustment } from './settle-api';

type Kind = Adjustment['original']['kind'];
interface Fields {
  id: string;
  kind: Kind;
  provider?: string;
  date?: string;
  month?: string;
  legs: TypedLeg[];
  reason: string;
  evidence: string;
}
const KINDS: Kind[] = ['provider_day', 'platform_day', 'month'];
const ACCOUNTS: TypedLeg['account'][] = ['due', 'payable', 'clearing', 'hq'];
const HQ = ['fees', 'loss', 'gain', 'promotion'];
const EMPTY = [{ account: 'due' }, { account: 'hq' }];

/** A correction of what is signed off. Nothing moves until somebody else approves it. */
export function ProposeAdjustment({ open, onDone }: { open: boolean; onDone(): void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Fields>();
  const propose = useAct((fields: Fields) => settle.proposeAdjustment(bodyOf(fields)), {
    ...{ renew: ['adjustments'], said: () => t('c.done.proposed', { count: 1 }), then: onDone },
  });
  return (
    <Modal
      open={open}
      width={760}
      title={t('c.proposeAdjustment')}
      okText={t('c.proposeShort')}
      confirmLoading={propose.isPending}
      onCancel={onDone}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form<Fields>
        form={form}
        layout="vertical"
        preserve={false}
        initialValues={{ kind: 'provider_day', legs: EMPTY }}
        onFinish={(fields) => propose.mutate(fields)}
      >
        <What />
        <Legs />
        <Form.Item name="reason" label={t('c.reason')} rules={[{ required: true, whitespace: true, max: 200 }]}>
          <Input />
        </Form.Item>
        <Form.Item
          name="evidence"
          label={t('c.evidence')}
          extra={t('c.evidenceHint')}
          rules={[{ required: true, whitespace: true, max: 2000 }]}
        >
          <Input.TextArea rows={2} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** A name of its own, so that sending it twice is one correction, and what is corrected. */
function What() {
  const { t } = useTranslation();
  const kind = Form.useWatch('kind', Form.useFormInstance<Fields>());
  return (
    <Space wrap align="start">
      <Form.Item
        name="id"
        label={t('c.adj.id')}
        rules={[{ required: true, pattern: /^[a-z0-9][a-z0-9_.-]{0,39}$/, message: t('c.termsForm') }]}
      >
        <Input placeholder="adj-2026-11-01" />
      </Form.Item>
      <Form.Item name="kind" label={t('c.adj.corrects')}>
        <Select style={{ width: 180 }} options={KINDS.map((value) => ({ value, label: t(`c.adj.kind.${value}`) }))} />
      </Form.Item>
      {kind === 'provider_day' ? (
        <Form.Item name="provider" label={t('c.provider')} rules={[{ required: true }]}>
          <Input style={{ width: 140 }} placeholder="bank_a" />
        </Form.Item>
      ) : null}
      {kind === 'month' ? (
        <Form.Item name="month" label={t('c.month')} rules={[{ required: true }]}>
          <Input type="month" />
        </Form.Item>
      ) : (
        <Form.Item name="date" label={t('c.date')} rules={[{ required: true }]}>
          <Input type="date" />
        </Form.Item>
      )}
    </Space>
  );
}

/** + headquarters owes the holder more, − less; the sum is shown as it is typed and must be nothing. */
function Legs() {
  const { t } = useTranslation();
  const form = Form.useFormInstance<Fields>();
  const legs: readonly (Partial<TypedLeg> | undefined)[] = Form.useWatch('legs', form) ?? [];
  const sum = sumOf(legs);
  return (
    <Form.List
      name="legs"
      rules={[
        {
          validator: (_, typed: TypedLeg[]) => (sumOf(typed) === 0 ? ok : Promise.reject(new Error(t('c.adj.sumNot')))),
        },
      ]}
    >
      {(rows, { add, remove }, { errors }) => (
        <div className="stack">
          <p className="muted">{t('c.adj.sign')}</p>
          {rows.map(({ key, name }) => (
            <LegRow key={key} at={name} {...(rows.length > 2 ? { onRemove: () => remove(name) } : {})} />
          ))}
          <Space>
            <Button onClick={() => add({ account: 'due' })}>{t('c.adj.addLeg')}</Button>
            <span className="muted">
              {t('c.total')} {figure(sum)}
            </span>
          </Space>
          <Form.ErrorList errors={errors} />
        </div>
      )}
    </Form.List>
  );
}

function LegRow({ at, onRemove }: { at: number; onRemove?: () => void }) {
  const { t } = useTranslation();
  const account = Form.useWatch(['legs', at, 'account'], Form.useFormInstance<Fields>());
  const amount = {
    validator: (_: unknown, text?: string) =>
      signedYuan(text ?? '') === null ? Promise.reject(new Error(t('c.amountForm'))) : ok,
  };
  const payment = { pattern: /^\d{20}$/, message: t('c.adj.paymentForm') };
  return (
    <Space wrap align="start">
      <Form.Item name={[at, 'account']} label={t('c.adj.account')}>
        <Select
          style={{ width: 150 }}
          options={ACCOUNTS.map((value) => ({ value, label: t(`c.adj.account.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name={[at, 'party']} label={t('c.party')} rules={[{ required: true }]}>
        {account === 'hq' ? (
          <Select style={{ width: 150 }} options={HQ.map((value) => ({ value, label: t(`c.adj.hq.${value}`) }))} />
        ) : (
          <Input style={{ width: 150 }} placeholder={account === 'due' ? '420000' : 'bank_a'} />
        )}
      </Form.Item>
      <Form.Item name={[at, 'amount']} label={t('c.amount')} rules={[amount]}>
        <Input style={{ width: 120 }} inputMode="decimal" />
      </Form.Item>
      <Form.Item name={[at, 'payment_no']} label={t('c.adj.payment')} rules={[payment]}>
        <Input style={{ width: 190 }} disabled={account === 'payable'} />
      </Form.Item>
      {onRemove ? (
        <Form.Item label=" ">
          <Button onClick={onRemove}>{t('c.removeRow')}</Button>
        </Form.Item>
      ) : null}
    </Space>
  );
}

const ok = Promise.resolve();

function bodyOf({ id, kind, provider, date, month, legs, reason, evidence }: Fields): object {
  const original =
    kind === 'month' ? { kind, month } : { kind, date, ...(kind === 'provider_day' ? { provider } : {}) };
  return { id, original, legs: legsOf(legs), reason: reason.trim(), evidence: evidence.trim() };
}
