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
import { rate } from '../settle/terms-words';
import { Trouble } from '../trouble';
import { Verdict, Why } from '../verdict';
import { connect, type RoutingRule, type RoutingRules } from './connect-api';
import { Maintenance } from './maintenance';
import { ProposeRouting } from './propose-routing';

const LOOKS: Record<RoutingRules['state'], Look> = { proposed: 'waiting', approved: 'done', rejected: 'ended' };

/** Which provider a payment goes to, by versions that two people make, and when providers are not asked at all. */
export function RoutingPage({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const versions = useQuery({ queryKey: ['routing'], queryFn: connect.routing });
  const [proposing, setProposing] = useState(false);
  const may = operator.roles.some((role) => role === 'operations' || role === 'finance_maker');
  const off = may ? '' : t('c.needRouter');
  const rows = versions.data?.data ?? [];
  const inForce = rows.find((row) => row.in_force_from !== null && Date.parse(row.in_force_from) <= Date.now());
  return (
    <>
      <h1>{t('c.routing')}</h1>
      <h2>{t('c.maintenance')}</h2>
      <Maintenance operator={operator} />
      <h2>{t('c.routingRules')}</h2>
      {versions.error ? <Trouble error={versions.error} /> : null}
      {versions.data && !inForce ? <p>{t('c.noRouting')}</p> : null}
      {inForce ? (
        <>
          <p>{t('c.routingInForce', { version: inForce.version, from: dateTime(inForce.in_force_from ?? '') })}</p>
          <RuleTable rules={inForce.rules} />
        </>
      ) : null}
      <div className="gap">
        <Why text={off}>
          <Button disabled={off !== ''} onClick={() => setProposing(true)}>
            {t('c.proposeRouting')}
          </Button>
        </Why>
      </div>
      <Versions rows={rows} loading={versions.isPending} operator={operator} />
      <ProposeRouting open={proposing} from={inForce?.rules ?? []} onDone={() => setProposing(false)} />
    </>
  );
}

function Versions({ rows, loading, operator }: { rows: RoutingRules[]; loading: boolean; operator: Operator }) {
  const { t } = useTranslation();
  return (
    <Table<RoutingRules>
      className="gap"
      size="small"
      rowKey="version"
      loading={loading}
      dataSource={rows}
      pagination={false}
      scroll={{ x: true }}
      locale={{ emptyText: t('c.noVersions') }}
      expandable={{ expandedRowRender: (row) => <RuleTable rules={row.rules} /> }}
      columns={[
        { title: t('c.version'), dataIndex: 'version', align: 'right' },
        {
          title: t('c.state'),
          dataIndex: 'state',
          render: (state: RoutingRules['state']) => <StateTag look={LOOKS[state]}>{t(`c.rule.${state}`)}</StateTag>,
        },
        { title: t('c.validFrom'), dataIndex: 'valid_from', render: (at: string) => dateTime(at) },
        { title: t('c.ruleCount'), key: 'rules', align: 'right', render: (_, row) => row.rules.length },
        { title: t('c.reason'), dataIndex: 'reason' },
        { title: t('c.proposer'), dataIndex: 'proposed_by' },
        { title: t('c.decidedBy'), dataIndex: 'decided_by', render: (value: string | null) => value ?? '–' },
        { title: '', key: 'decide', render: (_, row) => <Decide row={row} operator={operator} /> },
      ]}
    />
  );
}

function Decide({ row, operator }: { row: RoutingRules; operator: Operator }) {
  const decide = useAct((decision: 'approve' | 'reject') => connect.decideRouting(row.version, decision), {
    renew: ['routing'],
  });
  if (row.state !== 'proposed') return null;
  return (
    <Verdict
      by={[row.proposed_by]}
      operator={operator}
      busy={decide.isPending}
      decide={decide.mutate}
      roles={['finance_checker', 'operations']}
    />
  );
}

/** In the order in which they are looked at: the first that fits decides. */
export function RuleTable({ rules }: { rules: RoutingRule[] }) {
  const { t } = useTranslation();
  return (
    <Table<RoutingRule & { at: number }>
      size="small"
      rowKey="at"
      dataSource={rules.map((rule, at) => ({ ...rule, at: at + 1 }))}
      pagination={false}
      scroll={{ x: true }}
      locale={{ emptyText: t('c.noRules') }}
      columns={[
        { title: '#', dataIndex: 'at', align: 'right' },
        { title: t('c.method'), dataIndex: 'method' },
        { title: t('c.branch'), dataIndex: 'branch', render: (value: string | null) => value ?? t('c.everything') },
        {
          title: t('c.amountSpan'),
          key: 'span',
          align: 'right',
          render: (_, row) => `${figure(row.amount_from)} … ${figure(row.amount_to)}`,
        },
        { title: t('c.chooseBy'), dataIndex: 'choose_by', render: (value: string) => t(`c.chooseBy.${value}`) },
        {
          title: t('c.leastSuccess'),
          dataIndex: 'least_success_ppm',
          align: 'right',
          render: (ppm: number) => (ppm === 0 ? '–' : rate(ppm)),
        },
        {
          title: t('c.providersInOrder'),
          key: 'providers',
          render: (_, row) => row.providers.map((one) => feeOf(one)).join(' → '),
        },
      ]}
    />
  );
}

const feeOf = ({ provider, fee_ppm: ppm, fee_fixed: fixed }: RoutingRule['providers'][number]): string => {
  const fee = [...(ppm === null ? [] : [rate(ppm)]), ...(fixed === null ? [] : [figure(fixed)])].join(' + ');
  return fee === '' ? provider : `${provider} (${fee})`;
};
