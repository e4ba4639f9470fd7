import { Button, Dialog, Input } from 'antd-mobile';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../../kit/dates';
import { yuan } from '../../kit/money';
import { api, fenOf, type Card } from './api';
import { Trouble } from './trouble';

/** Bank cards of a customer: which one pays by default, what each may pay, and its end. */
export function Cards({ cards, refresh }: { cards: Card[]; refresh: () => void }) {
  const [error, setError] = useState<unknown>(null);
  const act = async (work: () => Promise<unknown>) => {
    setError(null);
    try {
      await work();
      refresh();
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <>
      <ul className="rows">
        {cards.map((card) => (
          <CardRow key={card.id} card={card} several={cards.length > 1} act={act} />
        ))}
      </ul>
      {error ? <Trouble error={error} /> : null}
    </>
  );
}

function CardRow({
  card,
  several,
  act,
}: {
  card: Card;
  several: boolean;
  act: (work: () => Promise<unknown>) => Promise<void>;
}) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const unbind = async () => {
    if (await Dialog.confirm({ content: t('me.unbindAsk') })) await act(() => api.unbind(card.id));
  };
  return (
    <li>
      <span>
        <strong>{card.account ?? card.provider.name}</strong> {card.usual ? <small>{t('me.usual')}</small> : null}
        <br />
        <small className="muted">
          {t('me.limits', { payment: yuan(card.limits.payment), month: yuan(card.limits.month) })} ·{' '}
          {t(`agreement.${card.state}`)}
        </small>
        {card.cooling ? (
          <small className="muted">
            <br />
            {t('me.cooling', { until: dateTime(card.cooling.until), amount: yuan(card.cooling.amount) })}
          </small>
        ) : null}
        <br />
        {several && !card.usual && card.state === 'active' ? (
          <button type="button" className="link" onClick={() => void act(() => api.prefer(card.id))}>
            {t('me.makeUsual')}
          </button>
        ) : null}{' '}
        <button type="button" className="link" onClick={() => setOpen(!open)}>
          {t('me.change')}
        </button>{' '}
        <button type="button" className="link" onClick={() => void unbind()}>
          {t('me.unbind')}
        </button>
        {open ? (
          <Limits
            card={card}
            save={async (limits) => {
              await act(() => api.limit(card.id, limits));
              setOpen(false);
            }}
          />
        ) : null}
      </span>
    </li>
  );
}

function Limits({
  card,
  save,
}: {
  card: Card;
  save: (limits: { payment: number; day: number; month: number }) => Promise<void>;
}) {
  const { t } = useTranslation();
  const { payment, day, month } = card.limits;
  const [typed, setTyped] = useState({ payment: plain(payment), day: plain(day), month: plain(month) });
  const fen = { payment: fenOf(typed.payment), day: fenOf(typed.day), month: fenOf(typed.month) };
  const ok = fen.payment !== null && fen.day !== null && fen.month !== null;
  const field = (name: 'payment' | 'day' | 'month', label: string) => (
    <label>
      {label}
      <Input inputMode="decimal" value={typed[name]} onChange={(value) => setTyped({ ...typed, [name]: value })} />
    </label>
  );
  return (
    <div>
      {field('payment', t('me.perPayment'))}
      {field('day', t('me.perDay'))}
      {field('month', t('me.perMonth'))}
      <p className="muted">{t('me.most', { payment: yuan(card.most.payment), month: yuan(card.most.month) })}</p>
      <Button
        block
        disabled={!ok}
        onClick={() => {
          if (fen.payment !== null && fen.day !== null && fen.month !== null)
            void save({ payment: fen.payment, day: fen.day, month: fen.month });
        }}
      >
        {t('me.save')}
      </Button>
    </div>
  );
}

/** Fen as people type yuan. */
export const plain = (fen: number): string =>
  yuan(fen)
    .replace(/[^\d.]/g, '')
    .replace(/\.00$/, '');
