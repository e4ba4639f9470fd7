import { useQuery } from '@tanstack/react-query';
import { TabBar } from 'antd-mobile';
import { AppOutline, ClockCircleOutline, TeamOutline, UserOutline } from 'antd-mobile-icons';
import { useTranslation } from 'react-i18next';
import { Navigate, Route, Routes, useLocation, useNavigate } from 'react-router';
import { ApiProblem } from '../../kit/http';
import { api } from './api';
import { AutoTopups } from './auto-topups';
import { Family } from './family';
import { History } from './history';
import { MePage } from './me';
import { Result } from './result';
import { SignIn } from './sign-in';
import { TopUp } from './top-up';
import { Trouble } from './trouble';

export function App() {
  const me = useQuery({ queryKey: ['me'], queryFn: api.me, retry: false });
  const { t } = useTranslation();
  if (me.isPending)
    return (
      <p className="page muted" role="status">
        {t('loading')}
      </p>
    );
  if (me.error instanceof ApiProblem && me.error.problem.status === 401)
    return <SignIn onDone={() => void me.refetch()} />;
  if (me.error || !me.data) return <Trouble error={me.error} retry={() => void me.refetch()} />;
  return (
    <>
      <main className="page">
        <Routes>
          <Route path="/" element={<TopUp me={me.data} />} />
          <Route path="/family" element={<Family me={me.data} refresh={() => void me.refetch()} />} />
          <Route path="/history" element={<History />} />
          <Route path="/me" element={<MePage me={me.data} refresh={() => void me.refetch()} />} />
          <Route path="/auto" element={<AutoTopups me={me.data} />} />
          <Route path="/payments/:id" element={<Result me={me.data} />} />
          <Route path="*" element={<Navigate to="/" replace />} />
        </Routes>
      </main>
      <Tabs />
    </>
  );
}

function Tabs() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  return (
    <nav className="tabs" aria-label={t('nav')}>
      <TabBar activeKey={pathname} onChange={(key) => void navigate(key)}>
        <TabBar.Item key="/" icon={<AppOutline />} title={t('tab.topup')} />
        <TabBar.Item key="/family" icon={<TeamOutline />} title={t('tab.family')} />
        <TabBar.Item key="/history" icon={<ClockCircleOutline />} title={t('tab.history')} />
        <TabBar.Item key="/me" icon={<UserOutline />} title={t('tab.me')} />
      </TabBar>
    </nav>
  );
}
