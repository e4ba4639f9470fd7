import { Button } from 'antd-mobile';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ownPhone } from '../../kit/masks';
import { Link } from 'react-router';
import { api, type Me } from './api';
import { Cards } from './cards';
import { LanguageSwitch, SizeSwitch } from './switches';
import { Trouble } from './trouble';

export function MePage({ me, refresh }: { me: Me; refresh: () => void }) {
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
        <Cards cards={me.agreements} refresh={refresh} />
        <Button block onClick={() => void bind()}>
          {t('me.bind')}
        </Button>
        <p className="muted">{t('me.bindLine')}</p>
        {error ? <Trouble error={error} /> : null}
        <p>
          <Link className="link" to="/auto">
            {t('auto.open')}
          </Link>
        </p>
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
