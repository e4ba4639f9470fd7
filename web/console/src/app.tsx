import { useQuery } from '@tanstack/react-query';
import { Button, Layout, Menu, Space, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { setLanguage } from '../../kit/i18n';
import { ApiProblem } from '../../kit/http';
import { api, type Operator } from './api';
import { HouseRoutes } from './house-routes';
import { mayOpen, type PageName } from './pages';
import { SignIn } from './sign-in';
import { Trouble } from './trouble';

export function App() {
  const operator = useQuery({ queryKey: ['operator'], queryFn: api.current, retry: false });
  if (operator.isPending) return null;
  if (operator.error instanceof ApiProblem && operator.error.problem.status === 401)
    return <SignIn onDone={() => void operator.refetch()} />;
  if (operator.error || !operator.data) return <Trouble error={operator.error} />;
  return <House operator={operator.data} />;
}

function House({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const today = useQuery({
    queryKey: ['today'],
    queryFn: api.today,
    refetchInterval: 15_000,
    enabled: mayOpen(operator, 'today'),
  });
  const approvals = today.data?.approvals ? ` (${today.data.approvals})` : '';
  return (
    <Layout className="house">
      <Header operator={operator} businessDate={today.data?.business_date ?? ''} />
      <Layout>
        <Layout.Sider width={200} theme="light" breakpoint="md" collapsedWidth={0}>
          <Menu
            mode="inline"
            selectedKeys={[pathname === '/' ? '/' : `/${pathname.split('/')[1] ?? ''}`]}
            onClick={({ key }) => void navigate(key)}
            items={menuOf(operator, t, approvals)}
          />
        </Layout.Sider>
        <Layout.Content className="page">
          <HouseRoutes operator={operator} />
        </Layout.Content>
      </Layout>
    </Layout>
  );
}

/** The day's work in groups; only what this person may open. */
function menuOf(operator: Operator, t: (key: string) => string, approvals: string) {
  const leaf = (page: PageName, key: string, label: string) => (mayOpen(operator, page) ? [{ key, label }] : []);
  const group = (key: string, label: string, children: { key: string; label: string }[]) =>
    children.length > 0 ? [{ key, type: 'group' as const, label, children }] : [];
  return [
    ...leaf('today', '/', t('c.today')),
    ...leaf('approvals', '/approvals', `${t('c.approvals')}${approvals}`),
    ...group('reconcile', t('c.group.reconcile'), [
      ...leaf('days', '/days', t('c.days')),
      ...leaf('breaks', '/breaks', t('c.breaks')),
      ...leaf('creditRuns', '/credit-runs', t('c.creditRuns')),
      ...leaf('quality', '/quality', t('c.quality')),
      ...leaf('rules', '/rules', t('c.rules')),
    ]),
    ...group('settle', t('c.group.settle'), [
      ...leaf('positions', '/positions', t('c.positions')),
      ...leaf('partyStatements', '/party-statements', t('c.partyStatements')),
      ...leaf('treasury', '/treasury', t('c.treasury')),
      ...leaf('payouts', '/payouts', t('c.payouts')),
      ...leaf('fees', '/fees', t('c.feeSchedules')),
      ...leaf('commissions', '/commissions', t('c.commissions')),
      ...leaf('close', '/close', t('c.close')),
      ...leaf('months', '/months', t('c.months')),
      ...leaf('adjustments', '/adjustments', t('c.adjustments')),
    ]),
    ...group('payments', t('c.group.payments'), [
      ...leaf('number', '/number', t('c.number')),
      ...leaf('doubts', '/doubts', t('c.doubts')),
      ...leaf('risk', '/risk', t('c.risk')),
      ...leaf('agreementBreaks', '/agreement-breaks', t('c.agreementBreaks')),
    ]),
    ...group('connect', t('c.group.connect'), [
      ...leaf('routing', '/routing', t('c.routing')),
      ...leaf('exposures', '/exposures', t('c.exposures')),
      ...leaf('webhooks', '/webhooks', t('c.webhooks')),
      ...leaf('branchTexts', '/branch-texts', t('c.branchTexts')),
    ]),
  ];
}

function Header({ operator, businessDate }: { operator: Operator; businessDate: string }) {
  const { t, i18n } = useTranslation();
  const other = i18n.language === 'en' ? 'zh-CN' : 'en';
  const leave = async () => {
    await api.signOut();
    location.assign('/console/');
  };
  return (
    <Layout.Header className="header">
      <strong>{t('c.title')}</strong>
      {operator.livemode ? null : <Tag color="#855400">{t('c.test')}</Tag>}
      <span className="muted">
        {t('c.businessDate')} {businessDate}
      </span>
      <Space className="right">
        <span>
          {operator.name} · {operator.roles.map((role) => t(`c.role.${role}`)).join(' ')} ·{' '}
          {operator.branch ?? t('c.allBranches')}
        </span>
        <Button type="text" lang={other} onClick={() => setLanguage(other)}>
          {other === 'en' ? 'English' : '中文'}
        </Button>
        <Button type="text" onClick={() => void leave()}>
          {t('c.leave')}
        </Button>
      </Space>
    </Layout.Header>
  );
}
