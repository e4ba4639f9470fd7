import { Button } from 'antd-mobile';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ownPhone } from '../../kit/masks';
import { yuan } from '../../kit/money';
import { api, type Me } from './api';
import { LanguageSwitch, SizeSwitch } from './switches';
import { Trouble } from './trouble';

export function MePage({ me }: { me: Me }) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const key = useMemo(() => crypto.randomUUID(), []);
  const bind = async () => {
    setError(null);
    try {
      const made = await api.bind(key, 'bank_a');
      if (made.next_action) location.assign(made.next_action.url);
    } catch (cause) {
      setError(cause);
    }
  };
  const leave = async () => {
    await api.signOut();
    location.assign('/portal/');
  };
  return (
    <>
      <section className="card">
        <h1>{ownPhone(me.number)}</h1>
        <p className="muted">
          {me.branch.name} · {me.owner}
        </p>
        <ul className="rows">
          {me.agreements.map((one) => (
            <li key={one.id}>
              <span>
                <strong>{one.account ?? one.provider.name}</strong>
                <br />
                <small className="muted">
                  {t('me.limits', { payment: yuan(one.limits.payment), month: yuan(one.limits.month) })} ·{' '}
                  {t(`agreement.${one.state}`)}
                </small>
              </span>
            </li>
          ))}
        </ul>
        <Button block onClick={() => void bind()}>
          {t('me.bind')}
        </Button>
        <p className="muted">{t('me.bindLine')}</p>
        {error ? <Trouble error={error} /> : null}
      </section>
      <section className="card switches">
        <SizeSwitch />
        <LanguageSwitch />
        <button type="button" className="link" onClick={() => void leave()}>
          {t('me.leave')}
        </button>
      </section>
    </>
  );
}
