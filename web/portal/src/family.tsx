import { Button, Dialog, Input } from 'antd-mobile';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { yuan } from '../../kit/money';
import { api, fenOf, type Me } from './api';
import { plain } from './cards';
import { Payers } from './payers';
import { Trouble } from './trouble';

export function Family({ me, refresh }: { me: Me; refresh: () => void }) {
  const { t } = useTranslation();
  const [number, setNumber] = useState('');
  const [nickname, setNickname] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [asked, setAsked] = useState('');
  const key = useMemo(() => crypto.randomUUID(), [number, nickname]);
  const agreement = me.agreements.find((one) => one.state === 'active');
  const ok = /^1\d{10}$/.test(number) && nickname.trim() !== '' && agreement !== undefined;
  const add = async () => {
    if (!agreement) return;
    setError(null);
    try {
      const made = await api.link(key, agreement.id, number, nickname.trim());
      setAsked(made.number);
      setNumber('');
      setNickname('');
      refresh();
    } catch (cause) {
      setError(cause);
    }
  };
  const act = async (work: () => Promise<unknown>) => {
    setError(null);
    try {
      await work();
      refresh();
    } catch (cause) {
      setError(cause);
    }
  };
  const stop = async (id: string) => {
    if (await Dialog.confirm({ content: t('family.stopAsk') })) await act(() => api.endLinked(id));
  };
  const changeLimit = async (id: string, month: number) => {
    const fen = fenOf(window.prompt(t('me.perMonth'), plain(month)) ?? '');
    if (fen !== null) await act(() => api.limitLinked(id, fen));
  };
  return (
    <>
      <section className="card">
        <h1>{t('tab.family')}</h1>
        {me.linked_numbers.length === 0 ? <p className="muted">{t('family.empty')}</p> : null}
        <ul className="rows">
          {me.linked_numbers.map((one) => (
            <li key={one.id}>
              <span>
                <strong>{one.nickname}</strong> {one.number}
                <br />
                <small className="muted">
                  {one.branch.name} · {t(`linked.${one.state}`)} ·{' '}
                  {t('family.limit', { month: yuan(one.limits.month) })}
                </small>
                <br />
                <button type="button" className="link" onClick={() => void changeLimit(one.id, one.limits.month)}>
                  {t('family.changeLimit')}
                </button>{' '}
                <button type="button" className="link" onClick={() => void stop(one.id)}>
                  {t('family.stop')}
                </button>
              </span>
              {one.state === 'active' ? (
                <Link className="link" to={`/?for=${one.id}`}>
                  {t('tab.topup')}
                </Link>
              ) : null}
            </li>
          ))}
        </ul>
      </section>
      <section className="card">
        <h2>{t('family.add')}</h2>
        <label htmlFor="family-number">{t('signin.number')}</label>
        <Input
          id="family-number"
          type="tel"
          inputMode="numeric"
          maxLength={11}
          value={number}
          onChange={setNumber}
          placeholder="139 0000 0000"
        />
        <label htmlFor="family-name">{t('family.name')}</label>
        <Input id="family-name" maxLength={6} value={nickname} onChange={setNickname} placeholder="妈妈" />
        <p className="muted">{t('family.ask')}</p>
        <Button block color="primary" size="large" disabled={!ok} onClick={() => void add()}>
          {t('family.send')}
        </Button>
        <p className="muted">{agreement ? '' : t('topup.needCard')}</p>
        {asked ? <p role="status">{t('family.asked', { number: asked })}</p> : null}
        {error ? <Trouble error={error} /> : null}
      </section>
      <Payers />
    </>
  );
}
