import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Space, Switch, Table, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { figure } from '../../kit/money';
import { api, type Operator, type Rule, type Rules } from './api';
import { useDate } from './date-choice';
import { Trouble } from './trouble';

type InForce = Rules['in_force'][number];

/** What rules may do alone: limits in force, switched by one person and decided by another. */
export function RulesPage({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const { date, choice } = useDate(operator);
  const rules = useQuery({ queryKey: ['rules', date], queryFn: () => api.rules(date), enabled: date !== '' });
  return (
    <>
      <h1>
        {t('c.rules')} {choice}
      </h1>
      {rules.error ? <Trouble error={rules.error} /> : null}
      <InForceTable rows={rules.data?.in_force ?? []} date={date} operator={operator} />
      <h2>{t('c.ruleVersions')}</h2>
      <VersionTable rows={rules.data?.versions ?? []} operator={operator} />
    </>
  );
}

const LIMITS = (t: (key: string) => string) => [
  {
    title: t('c.limitItem'),
    key: 'item',
    align: 'right' as const,
    render: (_: unknown, row: Limited) => most(row.limits.item, t),
  },
  {
    title: t('c.limitTotal'),
    key: 'total',
    align: 'right' as const,
    render: (_: unknown, row: Limited) => most(row.limits.total, t),
  },
  {
    title: t('c.count'),
    key: 'count',
    align: 'right' as const,
    render: (_: unknown, row: Limited) => row.limits.count,
  },
  {
    title: t('c.limitShare'),
    key: 'share',
    align: 'right' as const,
    render: (_: unknown, row: Limited) => `${row.limits.share_ppm / 10_000}%`,
  },
];
type Limited = Pick<Rule, 'limits'>;

/** A rule that only asks moves nothing: its limits are beyond any sum (minor units). */
const NO_LIMIT = 1_000_000_000_000;
const most = (amount: number, t: (key: string) => string): string =>
  amount >= NO_LIMIT ? t('c.noLimit') : figure(amount);

function InForceTable({ rows, date, operator }: { rows: InForce[]; date: string; operator: Operator }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const maker = operator.roles.includes('finance_maker');
  const propose = useMutation({
    mutationFn: ({ class: cls, limits }: InForce) =>
      api.proposeRule({ class: cls, valid_from: date, limits, reason: limits.enabled ? 'on' : 'off' }),
    onSuccess: async () => {
      void message.success(t('c.done.proposed', { count: 1 }));
      await queries.invalidateQueries({ queryKey: ['rules'] });
    },
    onError: (error) => void message.error(error.message),
  });
  return (
    <Table<InForce>
      size="small"
      rowKey="class"
      dataSource={rows}
      pagination={false}
      scroll={{ x: true }}
      columns={[
        { title: t('c.class'), dataIndex: 'class', render: (value: string) => t(`class.${value}`) },
        ...LIMITS(t),
        {
          title: t('c.ruleOn'),
          key: 'on',
          render: (_, row) => (
            <Tooltip title={maker ? '' : t('c.needMaker')}>
              <Switch
                size="small"
                checked={row.limits.enabled}
                disabled={!maker || propose.isPending}
                aria-label={t(`class.${row.class}`)}
                onChange={(enabled) => propose.mutate({ ...row, limits: { ...row.limits, enabled } })}
              />
            </Tooltip>
          ),
        },
      ]}
    />
  );
}

function VersionTable({ rows, operator }: { rows: Rule[]; operator: Operator }) {
  const { t } = useTranslation();
  return (
    <Table<Rule>
      size="small"
      rowKey="id"
      dataSource={rows}
      pagination={false}
      scroll={{ x: true }}
      columns={[
        { title: t('c.class'), dataIndex: 'class', render: (value: string) => t(`class.${value}`) },
        { title: t('c.date'), dataIndex: 'valid_from' },
        ...LIMITS(t),
        { title: t('c.ruleOn'), key: 'on', render: (_, row) => (row.limits.enabled ? '✔' : '–') },
        { title: t('c.reason'), dataIndex: 'reason' },
        { title: t('c.owner'), dataIndex: 'proposed_by' },
        { title: t('c.state'), dataIndex: 'state', render: (value: string) => t(`c.rule.${value}`) },
        { title: '', key: 'decide', render: (_, row) => <Decide rule={row} operator={operator} /> },
      ]}
    />
  );
}

/** The second person; an own proposal cannot be decided, and the button says why. */
function Decide({ rule, operator }: { rule: Rule; operator: Operator }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const decide = useMutation({
    mutationFn: (decision: 'approve' | 'reject') => api.decideRule(rule.id, decision),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['rules'] }),
    onError: (error) => void message.error(error.message),
  });
  if (rule.state !== 'proposed') return null;
  const own = rule.proposed_by === operator.username;
  const why = own ? t('c.ownProposal') : operator.roles.includes('finance_checker') ? '' : t('c.needChecker');
  return (
    <Tooltip title={why}>
      <Space>
        <Button size="small" type="primary" disabled={why !== ''} onClick={() => decide.mutate('approve')}>
          {t('c.approve')}
        </Button>
        <Button size="small" disabled={why !== ''} onClick={() => decide.mutate('reject')}>
          {t('c.reject')}
        </Button>
      </Space>
    </Tooltip>
  );
}
