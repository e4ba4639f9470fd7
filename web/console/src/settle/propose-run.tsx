import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { figure } from '../../../kit/money';
import { useAct } from '../act';
import { settle } from './settle-api';

interface Fields {
  account: string;
  day?: string;
  period?: string;
}
type Skipped = Awaited<ReturnType<typeof settle.proposeRun>>['skipped'];

/** Everybody who is owed something, as one run; who is left out is named before the dialog closes. */
export function ProposeRun({ open, onDone }: { open: boolean; onDone(): void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Fields>();
  const [skipped, setSkipped] = useState<Skipped | null>(null);
  const treasury = useQuery({ queryKey: ['treasury'], queryFn: settle.treasury, enabled: open });
  const accounts = treasury.data?.accounts ?? [];
  const propose = useAct(
    async ({ account, day, period }: Fields) => {
      const proposal = await settle.proposeRun({
        account,
        ...(day ? { execution_day: day } : {}),
        ...(period ? { period } : {}),
      });
      setSkipped(proposal.skipped);
      return proposal;
    },
    { renew: ['payout-runs'], said: ({ run }) => (run ? t('c.done.proposed', { count: 1 }) : t('c.nobodyToPay')) },
  );
  const close = () => {
    setSkipped(null);
    onDone();
  };
  return (
    <Modal
      open={open}
      title={t('c.proposeRun')}
      onCancel={close}
      destroyOnHidden
      footer={
        skipped === null ? (
          <Button type="primary" loading={propose.isPending} onClick={() => form.submit()}>
            {t('c.proposeShort')}
          </Button>
        ) : (
          <Button onClick={close}>{t('c.closeDialog')}</Button>
        )
      }
    >
      {skipped === null ? (
        <Form<Fields>
          form={form}
          layout="vertical"
          preserve={false}
          initialValues={accounts[0] ? { account: accounts[0].code } : {}}
          key={accounts.length}
          onFinish={(fields) => propose.mutate(fields)}
        >
          <Form.Item name="account" label={t('c.account')} rules={[{ required: true }]}>
            <Select
              placeholder={t('c.noAccounts')}
              options={accounts.map((one) => ({ value: one.code, label: `${one.code} ··${one.account.slice(-4)}` }))}
            />
          </Form.Item>
          <Form.Item name="day" label={t('c.executionDay')} extra={t('c.executionDayNote')}>
            <Input type="date" />
          </Form.Item>
          <Form.Item
            name="period"
            label={t('c.onlyConfirmed')}
            rules={[{ pattern: /^\d{4}-\d{2}(-\d{2})?$/, message: t('c.periodForm') }]}
          >
            <Input placeholder="2026-11" />
          </Form.Item>
        </Form>
      ) : (
        <LeftOut rows={skipped} />
      )}
    </Modal>
  );
}

function LeftOut({ rows }: { rows: Skipped }) {
  const { t, i18n } = useTranslation();
  if (rows.length === 0) return <p>{t('c.nobodyLeftOut')}</p>;
  return (
    <Alert
      type="info"
      title={t('c.leftOut', { count: rows.length })}
      className="left-out"
      description={rows.map((one) => (
        <div key={`${one.kind}/${one.code}`}>
          {one.code} · {figure(one.amount)} {t('c.unit')} ·{' '}
          {i18n.exists(`c.skip.${one.reason}`) ? t(`c.skip.${one.reason}`) : one.reason}
        </div>
      ))}
    />
  );
}
