import { Alert } from 'antd';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, Route, Routes } from 'react-router';
import { AgreementBreaksPage } from './agreements/agreement-breaks';
import { BranchTextsPage } from './agreements/branch-texts';
import type { Operator } from './api';
import { Approvals } from './approvals';
import { Breaks } from './breaks';
import { Close } from './close';
import { ExposuresPage } from './connect/exposures';
import { RoutingPage } from './connect/routing';
import { WebhooksPage } from './connect/webhooks';
import { CreditRunsPage } from './credit-runs';
import { Days } from './days';
import { Doubts } from './doubts';
import { NumberPage } from './number';
import { firstPage, mayOpen, type PageName } from './pages';
import { Positions } from './positions';
import { QualityPage } from './quality';
import { RiskPage } from './risk';
import { RulesPage } from './rules';
import { RunPage } from './run';
import { AdjustmentsPage } from './settle/adjustments';
import { CommissionsPage } from './settle/commissions';
import { FeesPage } from './settle/fees';
import { MonthPage } from './settle/month';
import { MonthsPage } from './settle/months';
import { PartyStatementsPage } from './settle/party-statements';
import { PayoutsPage } from './settle/payouts';
import { TreasuryPage } from './settle/treasury';
import { StatementPage } from './statement';
import { Today } from './today';

/** Every page by its address; whoever may not read one gets a sentence instead of its refusals. */
export function HouseRoutes({ operator }: { operator: Operator }) {
  const first = firstPage(operator);
  return (
    <Routes>
      <Route path="/" element={first === '/' ? <Today operator={operator} /> : <Navigate to={first} replace />} />
      {pagesOf(operator).map(([path, page, element]) => (
        <Route key={path} path={path} element={mayOpen(operator, page) ? element : <NotYours />} />
      ))}
      <Route path="*" element={<Navigate to="/" replace />} />
    </Routes>
  );
}

function NotYours() {
  const { t } = useTranslation();
  return <Alert type="info" showIcon title={t('c.notYours')} />;
}

type Page = readonly [path: string, page: PageName, element: ReactElement];

const pagesOf = (operator: Operator): readonly Page[] => [
  ['/approvals', 'approvals', <Approvals operator={operator} />],
  ['/days', 'days', <Days operator={operator} />],
  ['/runs/:provider/:date', 'days', <RunPage />],
  ['/breaks', 'breaks', <Breaks operator={operator} />],
  ['/credit-runs', 'creditRuns', <CreditRunsPage operator={operator} />],
  ['/quality', 'quality', <QualityPage operator={operator} />],
  ['/rules', 'rules', <RulesPage operator={operator} />],
  ['/positions', 'positions', <Positions operator={operator} />],
  ['/statements/:party/:date', 'positions', <StatementPage />],
  ['/close', 'close', <Close operator={operator} />],
  ['/party-statements', 'partyStatements', <PartyStatementsPage operator={operator} />],
  ['/treasury', 'treasury', <TreasuryPage operator={operator} />],
  ['/payouts', 'payouts', <PayoutsPage operator={operator} />],
  ['/fees', 'fees', <FeesPage operator={operator} />],
  ['/commissions', 'commissions', <CommissionsPage operator={operator} />],
  ['/adjustments', 'adjustments', <AdjustmentsPage operator={operator} />],
  ['/months', 'months', <MonthsPage />],
  ['/months/:month', 'months', <MonthPage operator={operator} />],
  ['/routing', 'routing', <RoutingPage operator={operator} />],
  ['/exposures', 'exposures', <ExposuresPage operator={operator} />],
  ['/webhooks', 'webhooks', <WebhooksPage operator={operator} />],
  ['/doubts', 'doubts', <Doubts operator={operator} />],
  ['/risk', 'risk', <RiskPage mayDecide={operator.roles.includes('operations')} />],
  ['/agreement-breaks', 'agreementBreaks', <AgreementBreaksPage operator={operator} />],
  ['/branch-texts', 'branchTexts', <BranchTextsPage operator={operator} />],
  ['/number', 'number', <NumberPage />],
];
