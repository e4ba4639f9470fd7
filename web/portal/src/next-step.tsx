import { Button } from 'antd-mobile';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { shortTime } from '../../kit/dates';
import type { Payment } from './api';

const CodePicture = lazy(() => import('./code-picture'));

type NextAction = NonNullable<Payment['next_action']>;

/**
 * Where the payer goes to pay: the provider's page by address or by a form that his browser posts, or a code. He comes back to
 * this page's own address, which says how it ended.
 */
export function NextStep({ action }: { action: NextAction }) {
  const { t } = useTranslation();
  return (
    <section className="next-step">
      <Way action={action} />
      <p className="muted">{t('result.payBefore', { at: shortTime(action.expires_at) })}</p>
    </section>
  );
}

function Way({ action: { type, url, form } }: { action: NextAction }) {
  const { t } = useTranslation();
  switch (type) {
    case 'show_qr':
      return (
        <Suspense fallback={<p role="status">{t('loading')}</p>}>
          <CodePicture text={url} label={t('result.code')} />
          <p>{t('result.scan')}</p>
        </Suspense>
      );
    case 'post_form':
      return (
        <form method="post" action={url}>
          {Object.entries(form ?? {}).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <Button block color="primary" size="large" type="submit">
            {t('result.goPay')}
          </Button>
        </form>
      );
    case 'redirect':
      return (
        <Button block color="primary" size="large" onClick={() => window.location.assign(url)}>
          {t('result.goPay')}
        </Button>
      );
    case 'open_app':
      return <p>{t('result.inApp')}</p>;
  }
}
