import { useQuery } from '@tanstack/react-query';
import { Button, Input, Popconfirm, Segmented, Space, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { date as dateOf } from '../../../kit/dates';
import { figure } from '../../../kit/money';
import type { Look } from '../../../kit/state';
import { StateTag } from '../../../kit/state-tag';
import { useAct } from '../act';
import type { Operator } from '../api';
import { Trouble } from '../trouble';
import { useMaker, Why } from '../verdict';
import { settle, type StatementBrief } from './settle-api';
import { StatementRows } from './statement-rows';

const LOOKS: Record<StatementBrief['state'], Look> = {
  issued: 'waiting',
  confirmed: 'done',
  disputed: 'failed',
  superseded: 'ended',
};
const FILES = ['xlsx', 'csv', 'html'] as const;

/** What parties were told of a month or a date, and what they say to it. */
export function PartyStatementsPage({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const today = dateOf(new Date().toISOString());
  const [period, setPeriod] = useState(today.slice(0, 7));
  const statements = useQuery({ queryKey: ['party-statements', period], queryFn: () => settle.statements(period) });
  const monthly = period.length === 7;
  return (
    <>
      <h1>{t('c.partyStatements')}</h1>
      <Space wrap>
        <Segmented
          value={monthly ? 'month' : 'date'}
          options={['month', 'date'].map((value) => ({ value, label: t(`c.periodOf.${value}`) }))}
          onChange={(value) => setPeriod(value === 'month' ? today.slice(0, 7) : today)}
        />
        <input
          aria-label={t('c.period')}
          type={monthly ? 'month' : 'date'}
          value={period}
          onChange={(event) => event.target.value && setPeriod(event.target.value)}
        />
        {operator.roles.every((role) => role === 'branch_finance') ? null : (
          <Issue period={period} operator={operator} />
        )}
      </Space>
      {statements.error ? <Trouble error={statements.error} /> : null}
      <p className="muted">{t('c.yuan')}</p>
      <StatementTable rows={statements.data?.data ?? []} loading={statements.isPending} operator={operator} />
    </>
  );
}

function StatementTable(props: { rows: StatementBrief[]; loading: boolean; operator: Operator }) {
  const { t, i18n } = useTranslation();
  const sum = (name: keyof StatementBrief['totals'], title: string) => ({
    title,
    key: name,
    align: 'right' as const,
    render: (_: unknown, { totals }: StatementBrief) => figure(totals[name]),
  });
  return (
    <Table<StatementBrief>
      size="small"
      rowKey={(row) => `${row.party}/${row.version}`}
      loading={props.loading}
      dataSource={props.rows}
      pagination={{ pageSize: 50, hideOnSinglePage: true }}
      scroll={{ x: true }}
      locale={{ emptyText: t('c.noStatements') }}
      expandable={{ expandedRowRender: (row) => <StatementRows of={row} /> }}
      columns={[
        {
          title: t('c.party'),
          key: 'party',
          render: (_, row) => `${i18n.language === 'en' ? row.name_en : row.name_zh} ${row.party}`,
        },
        { title: t('c.version'), dataIndex: 'version', align: 'right' },
        {
          title: t('c.state'),
          dataIndex: 'state',
          render: (state: StatementBrief['state'], row) => (
            <StateTag look={LOOKS[state]}>
              {t(`c.told.${state}`)}
              {row.reason ? ` · ${row.reason}` : ''}
            </StateTag>
          ),
        },
        { title: t('c.windowEnds'), dataIndex: 'window_ends' },
        sum('opening', t('c.opening')),
        sum('net', t('c.moved')),
        sum('paid', t('c.paidOut')),
        sum('closing', t('c.closing')),
        { title: '', key: 'acts', render: (_, row) => <Acts of={row} operator={props.operator} /> },
        {
          title: t('c.files'),
          key: 'files',
          render: (_, row) =>
            FILES.map((format) => (
              <a key={format} className="file" href={settle.statementFile(row, format)}>
                {t(`c.file.${format}`)}
              </a>
            )),
        },
      ]}
    />
  );
}

/** A branch answers for itself; headquarters for who has no door here, and never who issued it. */
function Acts({ of, operator }: { of: StatementBrief; operator: Operator }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const decide = useAct((decision: 'confirm' | 'dispute') => settle.decideStatement(of, decision, reason.trim()), {
    renew: ['party-statements'],
  });
  if (of.state !== 'issued') return of.decided_by ? <span className="muted">{of.decided_by}</span> : null;
  const allowed = operator.roles.some((role) => role === 'branch_finance' || role === 'finance_checker');
  const off = of.issued_by === operator.username ? t('c.ownProposal') : allowed ? '' : t('c.needAnswerer');
  return (
    <Space size="small">
      <Why text={off}>
        <Button
          size="small"
          type="primary"
          disabled={off !== ''}
          loading={decide.isPending}
          onClick={() => decide.mutate('confirm')}
        >
          {t('c.confirm')}
        </Button>
      </Why>
      <Why text={off}>
        <Popconfirm
          title={t('c.disputeWhy')}
          description={
            <Input
              aria-label={t('c.disputeWhy')}
              maxLength={200}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          }
          okButtonProps={{ disabled: reason.trim() === '' }}
          okText={t('c.dispute')}
          disabled={off !== ''}
          onConfirm={() => decide.mutate('dispute')}
        >
          <Button size="small" disabled={off !== ''}>
            {t('c.dispute')}
          </Button>
        </Popconfirm>
      </Why>
    </Space>
  );
}

function Issue({ period, operator }: { period: string; operator: Operator }) {
  const { t } = useTranslation();
  const [party, setParty] = useState('');
  const maker = useMaker(operator);
  const issue = useAct(() => settle.issueStatement(party.trim(), period), {
    renew: ['party-statements'],
    said: ({ version }) => t('c.issued', { version }),
  });
  const off = maker || (party.trim() === '' ? t('c.chooseParty') : '');
  return (
    <Space.Compact>
      <Input
        aria-label={t('c.partyCode')}
        placeholder={t('c.partyCode')}
        style={{ width: 140 }}
        maxLength={40}
        disabled={maker !== ''}
        value={party}
        onChange={(event) => setParty(event.target.value)}
      />
      <Why text={off}>
        <Button disabled={off !== ''} loading={issue.isPending} onClick={() => issue.mutate()}>
          {t('c.issue')}
        </Button>
      </Why>
    </Space.Compact>
  );
}
