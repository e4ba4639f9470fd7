import { Button, Input, Selector } from 'antd-mobile';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { ownPhone } from '../../kit/masks';
import { parseYuan, yuan } from '../../kit/money';
import { api, type Me, type NumberQuery, type Target } from './api';
import { OtherNumber } from './other-number';
import { Trouble } from './trouble';
import { useWays, Ways } from './ways';

const AMOUNTS = ['30', '50', '100', '200'];

/** Who for, how much, one button. The key is made when the page opens: a double tap is one payment. */
export function TopUp({ me }: { me: Me }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const linked = me.linked_numbers.filter((one) => one.state === 'active');
  const [who, setWho] = useState(params.get('for') ?? 'self');
  const [query, setQuery] = useState<{ number: string; answer: NumberQuery } | null>(null);
  const [typed, setTyped] = useState(params.get('amount') ?? '50');
  const [other, setOther] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [way, setWay] = useState('');
  const amount = parseYuan(typed);
  const choices = useWays(me.agreements, amount, branchOf(who, me, query));
  const chosen = choices.find((one) => one.key === way) ?? choices[0];
  const key = useMemo(() => crypto.randomUUID(), [who, typed, chosen?.key]);
  const target = targetOf(who, query);
  const why =
    amount === null ? t('topup.needAmount') : !chosen ? t('topup.needCard') : !target ? t('topup.needNumber') : '';

  const pay = async () => {
    if (!chosen || amount === null || !target) return;
    setBusy(true);
    setError(null);
    try {
      const replaces = params.get('replaces') ?? undefined;
      const payment = await api.pay(key, {
        target,
        amount,
        currency: 'CNY',
        funding: chosen.way,
        ...(replaces ? { replaces } : {}),
      });
      void navigate(`/payments/${payment.id}`);
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };

  return (
    <>
      <section className="card hero">
        <p className="muted">{t('topup.mine', { number: ownPhone(me.number), branch: me.branch.name })}</p>
        <p className="amount">{me.balance ? yuan(me.balance.amount) : '—'}</p>
        <p className="muted">{t(me.balance ? 'topup.balance' : 'topup.balanceUnknown')}</p>
      </section>
      <section className="card">
        <h2>{t('topup.who')}</h2>
        <Selector
          columns={3}
          value={[who]}
          onChange={([value]) => value && setWho(value)}
          options={[
            { label: t('topup.self'), value: 'self' },
            ...linked.map((one) => ({ label: one.nickname || one.number, description: one.number, value: one.id })),
            { label: t('topup.other'), value: 'other' },
          ]}
        />
        {who === 'other' ? <OtherNumber found={query} onFound={setQuery} /> : null}
        <h2>{t('topup.howMuch')}</h2>
        <Selector
          columns={3}
          value={other ? ['other'] : [typed]}
          onChange={([value]) => {
            if (value === 'other') {
              setOther(true);
              setTyped('');
            } else if (value) {
              setOther(false);
              setTyped(value);
            }
          }}
          options={[
            ...AMOUNTS.map((value) => ({ label: value, value })),
            { label: t('topup.otherAmount'), value: 'other' },
          ]}
        />
        {other ? (
          <Input
            aria-label={t('topup.otherAmount')}
            inputMode="decimal"
            value={typed}
            onChange={setTyped}
            placeholder="¥"
          />
        ) : null}
        <Ways choices={choices} chosen={chosen} onChoose={setWay} />
        <Button
          block
          color="primary"
          size="large"
          className="primary"
          loading={busy}
          disabled={why !== ''}
          aria-describedby="pay-why"
          onClick={() => void pay()}
        >
          {amount === null
            ? t('topup.payNothing')
            : t('topup.pay', { account: chosen?.account ?? '', amount: yuan(amount) })}
        </Button>
        <p id="pay-why" className="muted">
          {why}
        </p>
        {!me.agreements.some(({ state }) => state === 'active') ? (
          <Button block fill="none" onClick={() => void navigate('/me')}>
            {t('me.bind')}
          </Button>
        ) : null}
      </section>
      {error ? <Trouble error={error} retry={() => void pay()} /> : null}
    </>
  );
}

/** Routing is by the home of the number that is paid for; undefined: it is the own one. */
function branchOf(who: string, me: Me, query: { answer: NumberQuery } | null): string | undefined {
  if (who === 'other') return query?.answer.branch.code;
  return me.linked_numbers.find(({ id }) => id === who)?.branch.code;
}

function targetOf(who: string, query: { number: string; answer: NumberQuery } | null): Target | null {
  if (who === 'self') return { type: 'self' };
  if (who !== 'other') return { type: 'linked', linked_number: who };
  return query ? { type: 'number', number: query.number, number_query: query.answer.id } : null;
}
