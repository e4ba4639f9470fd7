import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App as AntApp, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { createRoot } from 'react-dom/client';
import { useTranslation } from 'react-i18next';
import { BrowserRouter } from 'react-router';
import { startTexts } from '../../kit/i18n';
import tokens from '../../kit/tokens.json';
import { App } from './app';
import './console.css';

startTexts();
const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: true } } });

const theme = {
  token: {
    colorPrimary: tokens.color.primary,
    colorLink: tokens.color.primary,
    colorTextBase: tokens.color.ink,
    colorBgLayout: tokens.color.ground,
    colorBorder: tokens.color.line,
    borderRadius: tokens.radius.console,
    fontFamily: tokens.font,
    fontSize: 14,
    motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
  },
  components: {
    Table: { cellPaddingBlockSM: 6, cellPaddingInlineSM: 8, fontSize: 13 },
    Menu: { itemHeight: 30, itemMarginBlock: 2, groupTitleFontSize: 12 },
  },
};

function Root() {
  const { i18n } = useTranslation();
  return (
    <ConfigProvider
      theme={theme}
      locale={i18n.language === 'en' ? enUS : zhCN}
      button={{ autoInsertSpace: false }}
      componentSize="middle"
    >
      <AntApp>
        <App />
      </AntApp>
    </ConfigProvider>
  );
}

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <QueryClientProvider client={queries}>
      <BrowserRouter basename="/console">
        <Root />
      </BrowserRouter>
    </QueryClientProvider>,
  );
}
