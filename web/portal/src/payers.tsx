import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from './api';
import { Trouble } from './trouble';

/** The other side of a linked number: who pays for me or asks to, and who may not ask. */
export function Payers() {
  const { t } = useTranslation();
  const payers = useQuery({ queryKey: ['payers'], queryFn: api.payers });
  const blocks = useQuery({ queryKey: ['blocks'], queryFn: api.blocks });
  const [error, setError] = useState<unknown>(null);
  const act = async (work: () => Promise<unknown>) => {
    setError(null);
    try {
      await work();
      await Promise.all([payers.refetch(), blocks.refetch()]);
    } catch (cause) {
      setError(cause);
    }
  };
  const list = payers.data?.data ?? [];
  return (
    <section className="card">
      <h2>{t('family.payers')}</h2>
      {payers.isSuccess && list.length === 0 ? <p className="muted">{t('family.noPayers')}</p> : null}
      <ul className="rows">
        {list.map((one) => (
          <li key={one.id}>
            <span>
              <strong>{one.payer}</strong>
              <br />
              <small className="muted">{t(`linked.${one.state}`)}</small>
            </span>
            <span>
              {one.state === 'pending_consent' ? (
                <button type="button" className="link" onClick={() => void act(() => api.answer(one.id, 'agree'))}>
                  {t('family.agree')}
                </button>
              ) : null}{' '}
              <button type="button" className="link" onClick={() => void act(() => api.answer(one.id, 'no'))}>
                {t('family.no')}
              </button>{' '}
              <button type="button" className="link" onClick={() => void act(() => api.answer(one.id, 'block'))}>
                {t('family.block')}
              </button>
            </span>
          </li>
        ))}
      </ul>
      <p className="muted">{t('family.sees')}</p>
      <h3>{t('family.blocks')}</h3>
      <ul className="rows">
        {(blocks.data?.data ?? []).map((one) => (
          <li key={one.id}>
            <span>{one.payer ?? t('family.everybody')}</span>
            <button type="button" className="link" onClick={() => void act(() => api.unblock(one.id))}>
              {t('family.unblock')}
            </button>
          </li>
        ))}
      </ul>
      <button type="button" className="link" onClick={() => void act(() => api.blockAll())}>
        {t('family.blockAll')}
      </button>
      {error ? <Trouble error={error} /> : null}
    </section>
  );
}
