import { useQuery } from '@tanstack/react-query';
import { Button, Input, Select, Space, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../../../kit/dates';
import { StateTag } from '../../../kit/state-tag';
import { useAct } from '../act';
import type { Operator } from '../api';
import { Trouble } from '../trouble';
import { Why } from '../verdict';
import { agreements, type AgreementBreak, type AgreementRun, type Resolution } from './agreements-api';

/** What may be said of a difference; the server refuses what does not fit the agreement as it stands. */
const RESOLUTIONS: Record<AgreementBreak['class'], Resolution[]> = {
  only_there: ['end_there', 'ask', 'dismiss'],
  only_here: ['ask', 'end', 'release', 'dismiss'],
  ended_one_side: ['end', 'end_there', 'ask', 'release', 'dismiss'],
  other_account: ['ask', 'end', 'release', 'dismiss'],
};

/** Banks' lists of agreements against ours: nothing but a rest is automatic, the rest is for people. */
export function AgreementBreaksPage({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const runs = useQuery({ queryKey: ['agreement-runs'], queryFn: agreements.runs });
  const breaks = useQuery({ queryKey: ['agreement-breaks'], queryFn: agreements.breaks, refetchInterval: 15_000 });
  const off = operator.roles.includes('operations') ? '' : t('c.needOperations');
  return (
    <>
      <h1>{t('c.agreementBreaks')}</h1>
      <p className="muted">{t('c.agreementBreaks.note')}</p>
      {breaks.error ? <Trouble error={breaks.error} /> : null}
      <Table<AgreementBreak>
        size="small"
        rowKey="id"
        loading={breaks.isPending}
        dataSource={breaks.data?.data ?? []}
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
        scroll={{ x: true }}
        locale={{ emptyText: t('c.agreementBreaks.none') }}
        columns={[
          { title: t('c.when'), dataIndex: 'created_at', render: (at: string) => dateTime(at) },
          { title: t('c.provider'), dataIndex: 'provider' },
          { title: t('c.date'), dataIndex: 'date' },
          { title: t('c.class'), dataIndex: 'class', render: (name: AgreementBreak['class']) => t(`class.${name}`) },
          { title: t('c.agreementNo'), dataIndex: 'agreement_number' },
          { title: t('c.agreementDetail'), dataIndex: 'detail' },
          { title: '', key: 'resolve', render: (_, row) => <Resolve of={row} off={off} /> },
        ]}
      />
      <h2>{t('c.agreementRuns')}</h2>
      {runs.error ? <Trouble error={runs.error} /> : null}
      <Runs rows={runs.data?.data ?? []} loading={runs.isPending} />
    </>
  );
}

function Resolve({ of, off }: { of: AgreementBreak; off: string }) {
  const { t } = useTranslation();
  const choices = RESOLUTIONS[of.class];
  const [resolution, setResolution] = useState<Resolution>(choices[0] ?? 'ask');
  const [reason, setReason] = useState('');
  const resolve = useAct(() => agreements.resolve(of.id, resolution, reason.trim()), {
    renew: ['agreement-breaks'],
    said: () => t('c.agreementResolved'),
  });
  const why = off || (reason.trim() === '' ? t('c.risk.needReason') : '');
  return (
    <Space wrap>
      <Select<Resolution>
        aria-label={t('c.agreementResolution')}
        style={{ minWidth: 180 }}
        value={resolution}
        onChange={setResolution}
        options={choices.map((value) => ({ value, label: t(`c.agreementResolution.${value}`) }))}
      />
      <Input
        aria-label={t('c.reason')}
        placeholder={t('c.reason')}
        value={reason}
        maxLength={200}
        onChange={(event) => setReason(event.target.value)}
      />
      <Why text={why}>
        <Button disabled={why !== ''} loading={resolve.isPending} onClick={() => resolve.mutate()}>
          {t('c.agreementResolve')}
        </Button>
      </Why>
    </Space>
  );
}

function Runs({ rows, loading }: { rows: AgreementRun[]; loading: boolean }) {
  const { t } = useTranslation();
  return (
    <Table<AgreementRun>
      size="small"
      rowKey={(row) => `${row.provider}/${row.date}`}
      loading={loading}
      dataSource={rows}
      pagination={{ pageSize: 20, hideOnSinglePage: true }}
      scroll={{ x: true }}
      locale={{ emptyText: t('c.agreementRuns.none') }}
      columns={[
        { title: t('c.provider'), dataIndex: 'provider' },
        { title: t('c.date'), dataIndex: 'date' },
        {
          title: t('c.state'),
          dataIndex: 'complete',
          render: (complete: boolean) => (
            <StateTag look={complete ? 'done' : 'failed'}>
              {t(complete ? 'c.agreementRuns.complete' : 'c.agreementRuns.incomplete')}
            </StateTag>
          ),
        },
        { title: t('c.agreementRuns.theirs'), dataIndex: 'theirs', align: 'right' },
        { title: t('c.agreementRuns.ours'), dataIndex: 'ours', align: 'right' },
        { title: t('c.agreementRuns.found'), dataIndex: 'found', align: 'right' },
        { title: t('c.agreementRuns.unreadable'), dataIndex: 'unreadable', align: 'right' },
      ]}
    />
  );
}
