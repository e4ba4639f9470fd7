import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Popconfirm, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { date as dateOf, dateTime } from '../../../kit/dates';
import { StateTag } from '../../../kit/state-tag';
import { useAct } from '../act';
import type { Operator } from '../api';
import { Trouble } from '../trouble';
import { Why } from '../verdict';
import { connect, type MaintenanceWindow } from './connect-api';

const DAY_MS = 86_400_000;
const DAYS = 7;

/** Windows in which a provider is not asked, as bars over the next seven days, and beside them when exactly. */
export function Maintenance({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const windows = useQuery({ queryKey: ['windows'], queryFn: connect.windows, refetchInterval: 30_000 });
  const off = operator.roles.includes('operations') ? '' : t('c.needOperations');
  if (windows.error) return <Trouble error={windows.error} />;
  const rows = windows.data?.data ?? [];
  return (
    <>
      {windows.data && rows.length === 0 ? <p>{t('c.noWindows')}</p> : null}
      {rows.length > 0 ? <Calendar rows={rows} off={off} /> : null}
      {off === '' ? <Plan /> : <p className="muted">{off}</p>}
    </>
  );
}

function Calendar({ rows, off }: { rows: MaintenanceWindow[]; off: string }) {
  const { t } = useTranslation();
  const [now] = useState(() => Date.now());
  /** The days are those of China: the first begins at its midnight. */
  const start = Date.parse(`${dateOf(new Date(now).toISOString())}T00:00:00+08:00`);
  const place = (at: string) => Math.max(0, Math.min(100, ((Date.parse(at) - start) * 100) / (DAYS * DAY_MS)));
  return (
    <div className="panel calendar">
      <span />
      <div className="calendar-days muted" aria-hidden>
        {Array.from({ length: DAYS }, (_, day) => (
          <span key={day}>{dateTime(new Date(start + day * DAY_MS).toISOString()).slice(5, 10)}</span>
        ))}
      </div>
      <span />
      {rows.map((row) => {
        const left = place(row.from);
        const on = Date.parse(row.from) <= now && row.ended_at === null;
        return (
          <div key={row.id} className="calendar-row">
            <span>
              <strong>{row.provider}</strong>{' '}
              <StateTag look={on ? 'waiting' : 'working'}>{t(on ? 'c.windowOn' : 'c.windowAhead')}</StateTag>
            </span>
            <span className="calendar-track" aria-hidden>
              <span style={{ left: `${left}%`, width: `max(4px, ${place(row.until) - left}%)` }} />
            </span>
            <span>
              {dateTime(row.from).slice(0, 16)} – {dateTime(row.until).slice(0, 16)} {row.note}{' '}
              <End row={row} off={off} />
            </span>
          </div>
        );
      })}
    </div>
  );
}

function End({ row, off }: { row: MaintenanceWindow; off: string }) {
  const { t } = useTranslation();
  const end = useAct(() => connect.endWindow(row.id), { renew: ['windows'] });
  return (
    <Why text={off}>
      <Popconfirm
        title={t('c.endWindowAsk', { provider: row.provider })}
        onConfirm={() => end.mutate()}
        disabled={off !== ''}
      >
        <Button size="small" disabled={off !== ''} loading={end.isPending}>
          {t('c.endWindow')}
        </Button>
      </Popconfirm>
    </Why>
  );
}

interface Fields {
  provider: string;
  from: string;
  until: string;
  note?: string;
}

/** Times are those of China, whatever this computer's clock says. */
const instant = (local: string): string => new Date(`${local}:00+08:00`).toISOString();

function Plan() {
  const { t } = useTranslation();
  const [form] = Form.useForm<Fields>();
  const plan = useAct(
    ({ provider, from, until, note }: Fields) =>
      connect.planWindow({ provider, from: instant(from), until: instant(until), note: note ?? '' }),
    { renew: ['windows'], said: () => t('c.planned'), then: () => form.resetFields() },
  );
  return (
    <Form<Fields> form={form} layout="inline" className="gap" onFinish={(fields) => plan.mutate(fields)}>
      <Space wrap>
        <Form.Item name="provider" label={t('c.provider')} rules={[{ required: true }]}>
          <Input placeholder="bank_a" style={{ width: 140 }} />
        </Form.Item>
        <Form.Item name="from" label={t('c.fromTime')} rules={[{ required: true }]}>
          <Input type="datetime-local" />
        </Form.Item>
        <Form.Item name="until" label={t('c.untilTime')} rules={[{ required: true }]}>
          <Input type="datetime-local" />
        </Form.Item>
        <Form.Item name="note" label={t('c.note')} rules={[{ max: 100 }]}>
          <Input />
        </Form.Item>
        <Button htmlType="submit" loading={plan.isPending}>
          {t('c.planWindow')}
        </Button>
      </Space>
    </Form>
  );
}
