import { useQuery } from '@tanstack/react-query';
import { Button, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Look } from '../../../kit/state';
import { StateTag } from '../../../kit/state-tag';
import { useAct } from '../act';
import type { Operator } from '../api';
import { Trouble } from '../trouble';
import { useMaker, Verdict, Why } from '../verdict';
import { ProposeFee } from './propose-fee';
import { settle, type Decision, type FeeSchedule } from './settle-api';
import { Simulation } from './simulation';
import { bearerWords, scheduleWords } from './terms-words';

export const TERMS: Record<FeeSchedule['state'], Look> = { draft: 'waiting', active: 'done', rejected: 'ended' };

/** What providers charge, in words. A draft is simulated over past months before a second person can approve it. */
export function FeesPage({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const schedules = useQuery({ queryKey: ['schedules'], queryFn: settle.schedules });
  const [proposing, setProposing] = useState(false);
  const maker = useMaker(operator);
  if (schedules.error) return <Trouble error={schedules.error} />;
  const rows = schedules.data?.data ?? [];
  return (
    <>
      <h1>{t('c.feeSchedules')}</h1>
      <p className="muted">{t('c.fees.note')}</p>
      <Why text={maker}>
        <Button type="primary" disabled={maker !== ''} onClick={() => setProposing(true)}>
          {t('c.proposeFee')}
        </Button>
      </Why>
      <Table<FeeSchedule>
        className="gap"
        size="small"
        rowKey="id"
        loading={schedules.isPending}
        dataSource={[...rows].sort(draftsFirst)}
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
        scroll={{ x: true }}
        locale={{ emptyText: t('c.noFees') }}
        expandable={{ expandedRowRender: (row) => <Simulation schedule={row} operator={operator} /> }}
        columns={[
          { title: t('c.provider'), dataIndex: 'provider' },
          { title: t('c.terms'), dataIndex: 'id' },
          { title: t('c.appliesTo'), key: 'applies', render: (_, row) => appliesTo(row, t) },
          { title: t('c.inWords'), key: 'words', render: (_, row) => scheduleWords(row, t) },
          { title: t('c.bears'), key: 'bears', render: (_, row) => bearerWords(row, t) },
          { title: t('c.validFrom'), key: 'from', render: (_, { schedule }) => schedule.valid_from },
          { title: t('c.validTo'), key: 'to', render: (_, { schedule }) => schedule.valid_to ?? '–' },
          {
            title: t('c.state'),
            dataIndex: 'state',
            render: (state: FeeSchedule['state']) => (
              <StateTag look={TERMS[state]}>{t(`c.termsState.${state}`)}</StateTag>
            ),
          },
          { title: t('c.proposer'), dataIndex: 'proposed_by', render: (value: string) => value || '–' },
          { title: '', key: 'decide', render: (_, row) => <Decide row={row} operator={operator} /> },
        ]}
      />
      <ProposeFee open={proposing} onDone={() => setProposing(false)} />
    </>
  );
}

const draftsFirst = (a: FeeSchedule, b: FeeSchedule): number =>
  Number(b.state === 'draft') - Number(a.state === 'draft') || (a.provider < b.provider ? -1 : 1);

function appliesTo({ schedule }: FeeSchedule, t: (key: string) => string): string {
  const channel = schedule.channel === '*' ? '' : t(`channel.${schedule.channel}`);
  const parts = [channel, schedule.product, schedule.branch].filter((one) => one !== '*' && one !== '');
  return parts.length === 0 ? t('c.everything') : parts.join(' · ');
}

function Decide({ row, operator }: { row: FeeSchedule; operator: Operator }) {
  const { t } = useTranslation();
  const decide = useAct((decision: Decision) => settle.decideSchedule(row.id, decision), { renew: ['schedules'] });
  if (row.state !== 'draft') return null;
  return (
    <Verdict
      by={[row.proposed_by]}
      operator={operator}
      busy={decide.isPending}
      decide={decide.mutate}
      notYet={row.simulated === '' ? t('c.simulateFirst') : ''}
    />
  );
}
