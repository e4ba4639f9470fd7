import { useQuery } from '@tanstack/react-query';
import { Button, Input, Popconfirm, Segmented, Space, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../../../kit/dates';
import type { Look } from '../../../kit/state';
import { StateTag } from '../../../kit/state-tag';
import { useAct } from '../act';
import type { Operator } from '../api';
import { Trouble } from '../trouble';
import { Why } from '../verdict';
import { connect, type Endpoint, type WebhookTry } from './connect-api';

const ENDPOINTS: Record<Endpoint['state'], Look> = { active: 'done', disabled: 'failed', ended: 'ended' };
const DELIVERIES: Record<WebhookTry['delivery'], Look> = {
  new: 'working',
  sent: 'done',
  failed: 'failed',
  superseded: 'ended',
};

/** What goes out to partners: is it received, what was answered, sent again by hand, an endpoint enabled again. */
export function WebhooksPage({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const endpoints = useQuery({ queryKey: ['endpoints'], queryFn: connect.endpoints, refetchInterval: 15_000 });
  const [failed, setFailed] = useState('false');
  const tries = useQuery({
    queryKey: ['tries', failed],
    queryFn: () => connect.tries({ failed }),
    refetchInterval: 15_000,
  });
  const may = operator.roles.some((role) => role === 'operations' || role === 'partner_manager');
  const off = may ? '' : t('c.needOperations');
  return (
    <>
      <h1>{t('c.webhooks')}</h1>
      {endpoints.error ? <Trouble error={endpoints.error} /> : null}
      <EndpointTable rows={endpoints.data?.data ?? []} loading={endpoints.isPending} off={off} />
      <h2>{t('c.tries')}</h2>
      <Segmented
        value={failed}
        options={['false', 'true'].map((value) => ({ value, label: t(`c.triesFailed.${value}`) }))}
        onChange={setFailed}
      />
      {tries.error ? <Trouble error={tries.error} /> : null}
      <TryTable rows={tries.data?.data ?? []} loading={tries.isPending} off={off} />
    </>
  );
}

interface TableProps<T> {
  rows: T[];
  loading: boolean;
  off: string;
}

function EndpointTable({ rows, loading, off }: TableProps<Endpoint>) {
  const { t } = useTranslation();
  return (
    <Table<Endpoint>
      size="small"
      rowKey="id"
      loading={loading}
      dataSource={rows}
      pagination={false}
      scroll={{ x: true }}
      locale={{ emptyText: t('c.noEndpoints') }}
      columns={[
        { title: t('c.partner'), dataIndex: 'partner' },
        { title: t('c.address'), dataIndex: 'url' },
        {
          title: t('c.state'),
          dataIndex: 'state',
          render: (state: Endpoint['state'], row) => (
            <StateTag look={state === 'active' && row.failing_since ? 'waiting' : ENDPOINTS[state]}>
              {t(`c.endpoint.${state}`)}
            </StateTag>
          ),
        },
        {
          title: t('c.failingSince'),
          dataIndex: 'failing_since',
          render: (at: string | null) => (at === null ? '–' : dateTime(at)),
        },
        {
          title: '',
          key: 'enable',
          render: (_, row) => (row.state === 'disabled' ? <Enable endpoint={row} off={off} /> : null),
        },
      ]}
    />
  );
}

function Enable({ endpoint, off }: { endpoint: Endpoint; off: string }) {
  const { t } = useTranslation();
  const enable = useAct((reason: string) => connect.enableEndpoint(endpoint.id, reason), {
    renew: ['endpoints'],
    said: () => t('c.enabled'),
  });
  return <WithReason label={t('c.enable')} off={off} busy={enable.isPending} act={enable.mutate} />;
}

function TryTable({ rows, loading, off }: TableProps<WebhookTry>) {
  const { t } = useTranslation();
  return (
    <Table<WebhookTry>
      className="gap"
      size="small"
      rowKey={(row) => `${row.event}/${row.endpoint}/${row.number}`}
      loading={loading}
      dataSource={rows}
      pagination={false}
      scroll={{ x: true }}
      locale={{ emptyText: t('c.noTries') }}
      columns={[
        { title: t('c.when'), dataIndex: 'at', render: (at: string) => dateTime(at) },
        { title: t('c.event'), dataIndex: 'event' },
        { title: t('c.endpointId'), dataIndex: 'endpoint' },
        { title: t('c.tryNumber'), dataIndex: 'number', align: 'right' },
        {
          title: t('c.answered'),
          key: 'answer',
          render: (_, row) =>
            row.status === null ? (row.error ?? (row.ended ? '–' : '…')) : `${row.status} ${row.answer}`,
        },
        { title: 'ms', dataIndex: 'duration_ms', align: 'right' },
        {
          title: t('c.delivery'),
          dataIndex: 'delivery',
          render: (state: WebhookTry['delivery']) => (
            <StateTag look={DELIVERIES[state]}>{t(`c.deliveryState.${state}`)}</StateTag>
          ),
        },
        {
          title: t('c.nextTry'),
          dataIndex: 'next_at',
          render: (at: string | null) => (at === null ? '–' : dateTime(at)),
        },
        { title: '', key: 'again', render: (_, row) => <Resend of={row} off={off} /> },
      ]}
    />
  );
}

function Resend({ of, off }: { of: WebhookTry; off: string }) {
  const { t } = useTranslation();
  const resend = useAct((reason: string) => connect.resend(of.event, of.endpoint, reason), {
    renew: ['tries'],
    said: () => t('c.resent'),
  });
  return <WithReason label={t('c.resend')} off={off} busy={resend.isPending} act={resend.mutate} />;
}

/** Done by hand, so with a reason that stays in the audit. */
function WithReason(props: { label: string; off: string; busy: boolean; act(reason: string): void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  return (
    <Why text={props.off}>
      <Popconfirm
        title={t('c.reason')}
        description={
          <Space>
            <Input
              aria-label={t('c.reason')}
              maxLength={200}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          </Space>
        }
        okText={props.label}
        okButtonProps={{ disabled: reason.trim() === '' }}
        disabled={props.off !== ''}
        onConfirm={() => props.act(reason.trim())}
      >
        <Button size="small" disabled={props.off !== ''} loading={props.busy}>
          {props.label}
        </Button>
      </Popconfirm>
    </Why>
  );
}
