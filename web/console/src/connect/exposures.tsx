import { useQuery } from '@tanstack/react-query';
import { Button, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../../../kit/dates';
import { figure } from '../../../kit/money';
import type { Look } from '../../../kit/state';
import { StateTag } from '../../../kit/state-tag';
import { useAct } from '../act';
import type { Operator } from '../api';
import { money } from '../columns';
import { Trouble } from '../trouble';
import { useMaker, Verdict, Why } from '../verdict';
import { connect, type Exposure, type ExposureChange } from './connect-api';
import { ProposeExposure } from './propose-exposure';

const CHANGES: Record<ExposureChange['state'], Look> = { proposed: 'waiting', approved: 'done', rejected: 'ended' };

/** What collecting partners hold of what they may: warned at 80 %, refused at 100 %. */
export function ExposuresPage({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const exposures = useQuery({ queryKey: ['exposures'], queryFn: connect.exposures, refetchInterval: 15_000 });
  const [proposing, setProposing] = useState(false);
  const maker = useMaker(operator);
  const rows = exposures.data?.data ?? [];
  return (
    <>
      <h1>{t('c.exposures')}</h1>
      <p className="muted">{t('c.exposures.note')}</p>
      {exposures.error ? <Trouble error={exposures.error} /> : null}
      {exposures.data && rows.length === 0 ? <p>{t('c.noExposures')}</p> : null}
      <div className="stack">
        {rows.map((row) => (
          <Gauge key={row.partner} of={row} />
        ))}
      </div>
      <h2>{t('c.exposureChanges')}</h2>
      <Why text={maker}>
        <Button disabled={maker !== ''} onClick={() => setProposing(true)}>
          {t('c.proposeExposure')}
        </Button>
      </Why>
      <Changes operator={operator} />
      <ProposeExposure open={proposing} partners={rows.map((row) => row.partner)} onDone={() => setProposing(false)} />
    </>
  );
}

/** A bar with its two marks: where the partner is warned and where it is refused. */
function Gauge({ of }: { of: Exposure }) {
  const { t } = useTranslation();
  const { limit, used, warning_at: warning, available } = of;
  const look = lookOf(of);
  const share = (part: number) => `${Math.max(0, Math.min(100, limit ? (part * 100) / limit : 0))}%`;
  return (
    <section className="panel" aria-label={of.partner}>
      <div className="pair">
        <strong>
          {of.partner} <StateTag look={look}>{t(`c.exposure.${look}`)}</StateTag>
        </strong>
        <span className="muted">
          {t(`c.basis.${of.basis}`)} · {of.business_date}
        </span>
      </div>
      {limit === null ? (
        <p className="muted">{t('c.noLimit')}</p>
      ) : (
        <>
          <div className="gauge" aria-hidden>
            <span className={`gauge-fill ${look}`} style={{ width: share(used) }} />
            {warning === null ? null : <span className="gauge-mark" style={{ left: share(warning) }} />}
          </div>
          <p>
            {t('c.exposure.used')} <strong>{figure(used)}</strong> / {figure(limit)} {t('c.unit')} (
            {percent(used, limit)}) · {t('c.exposure.left')} {figure(available)} · {t('c.exposure.warnedAt')}{' '}
            {figure(warning)}
          </p>
        </>
      )}
    </section>
  );
}

function lookOf({ limit, used, warning_at: warning }: Exposure): Look {
  if (limit === null) return 'ended';
  if (used >= limit) return 'failed';
  return warning !== null && used >= warning ? 'waiting' : 'done';
}

const percent = (used: number, limit: number): string =>
  limit > 0 ? `${Math.floor((used * 1000) / limit) / 10}%` : '–';

function Changes({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const changes = useQuery({ queryKey: ['exposure-changes'], queryFn: connect.exposureChanges });
  if (changes.error) return <Trouble error={changes.error} />;
  return (
    <Table<ExposureChange>
      className="gap"
      size="small"
      rowKey="id"
      loading={changes.isPending}
      dataSource={changes.data?.data ?? []}
      pagination={false}
      scroll={{ x: true }}
      locale={{ emptyText: t('c.noChanges') }}
      columns={[
        { title: t('c.when'), dataIndex: 'proposed_at', render: (at: string) => dateTime(at) },
        { title: t('c.partner'), dataIndex: 'partner' },
        { title: t('c.change'), dataIndex: 'kind', render: (kind: string) => t(`c.exposureKind.${kind}`) },
        money<ExposureChange>(t('c.amount'), 'amount'),
        {
          title: t('c.basisHead'),
          dataIndex: 'basis',
          render: (basis: string | null) => (basis === null ? '–' : t(`c.basis.${basis}`)),
        },
        { title: t('c.receipt'), dataIndex: 'receipt', render: (value: string) => value || '–' },
        { title: t('c.reason'), dataIndex: 'reason' },
        {
          title: t('c.state'),
          dataIndex: 'state',
          render: (state: ExposureChange['state']) => <StateTag look={CHANGES[state]}>{t(`c.rule.${state}`)}</StateTag>,
        },
        { title: t('c.proposer'), dataIndex: 'proposed_by' },
        { title: '', key: 'decide', render: (_, row) => <Decide change={row} operator={operator} /> },
      ]}
    />
  );
}

function Decide({ change, operator }: { change: ExposureChange; operator: Operator }) {
  const decide = useAct((decision: 'approve' | 'reject') => connect.decideExposure(change.id, decision), {
    renew: ['exposure-changes', 'exposures'],
  });
  if (change.state !== 'proposed') return null;
  return <Verdict by={[change.proposed_by]} operator={operator} busy={decide.isPending} decide={decide.mutate} />;
}
