import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd-mobile';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { yuan } from '../../kit/money';
import { api, fenOf, type AutoTopup, type Me } from './api';
import { Trouble } from './trouble';

/** Standing orders: what stands, what comes next, and a new one. */
export function AutoTopups({ me }: { me: Me }) {
  const { t } = useTranslation();
  const rules = useQuery({ queryKey: ['auto'], queryFn: api.autoTopups });
  const [error, setError] = useState<unknown>(null);
  const act = async (work: () => Promise<unknown>) => {
    setError(null);
    try {
      await work();
      await rules.refetch();
    } catch (cause) {
      setError(cause);
    }
  };
  if (rules.isPending)
    return (
      <p className="muted" role="status">
        {t('loading')}
      </p>
    );
  if (rules.error) return <Trouble error={rules.error} retry={() => void rules.refetch()} />;
  return (
    <>
      <section className="card">
        <h1>{t('auto.title')}</h1>
        {rules.data.data.length === 0 ? <p className="muted">{t('auto.empty')}</p> : null}
        <ul className="rows">
          {rules.data.data.map((rule) => (
            <Rule key={rule.id} rule={rule} act={act} />
          ))}
        </ul>
        {error ? <Trouble error={error} /> : null}
      </section>
      <NewRule me={me} act={act} />
    </>
  );
}

function Rule({ rule, act }: { rule: AutoTopup; act: (work: () => Promise<unknown>) => Promise<void> }) {
  const { t } = useTranslation();
  const change = (to: 'active' | 'paused' | 'ended') => () => void act(() => api.changeAuto(rule.id, to));
  return (
    <li>
      <span>
        <strong>{rule.nickname ?? t('topup.self')}</strong> <small>{t(`auto.state.${rule.state}`)}</small>
        <br />
        <small className="muted">{lineOf(rule, t)}</small>
        <br />
        {rule.next ? <small>{t('auto.next', { on: rule.next.on, amount: yuan(rule.next.amount) })} </small> : null}
        {rule.next?.skippable ? (
          <button type="button" className="link" onClick={() => void act(() => api.skipAuto(rule.id))}>
            {t('auto.skip')}
          </button>
        ) : null}{' '}
        {rule.state === 'active' ? (
          <button type="button" className="link" onClick={change('paused')}>
            {t('auto.pause')}
          </button>
        ) : (
          <button type="button" className="link" onClick={change('active')}>
            {t('auto.resume')}
          </button>
        )}{' '}
        <button type="button" className="link" onClick={change('ended')}>
          {t('auto.end')}
        </button>
      </span>
    </li>
  );
}

function lineOf(rule: AutoTopup, t: (key: string, values: Record<string, string>) => string): string {
  if (rule.kind === 'calendar')
    return t('auto.monthly', { day: String(rule.day_of_month ?? ''), amount: yuan(rule.amount ?? 0) });
  return t('auto.line', {
    threshold: yuan(rule.threshold ?? 0),
    target: yuan(rule.top_up_to ?? 0),
    times: String(rule.times_a_day),
    cap: yuan(rule.month_cap),
  });
}

function NewRule({ me, act }: { me: Me; act: (work: () => Promise<unknown>) => Promise<void> }) {
  const { t } = useTranslation();
  const [who, setWho] = useState('');
  const [kind, setKind] = useState<'threshold' | 'calendar'>('threshold');
  const [typed, setTyped] = useState({ threshold: '10', target: '30', amount: '50', day: '5' });
  const fen = { threshold: fenOf(typed.threshold), target: fenOf(typed.target), amount: fenOf(typed.amount) };
  const card = me.agreements.some(({ state }) => state === 'active');
  const day = Number(typed.day);
  const ready = kind === 'threshold' ? fen.threshold !== null && fen.target !== null : fen.amount !== null && day >= 1;
  const field = (name: keyof typeof typed, label: string) => (
    <label>
      {label}
      <Input inputMode="decimal" value={typed[name]} onChange={(value) => setTyped({ ...typed, [name]: value })} />
    </label>
  );
  const save = () => {
    const rule =
      kind === 'threshold'
        ? { kind, threshold: fen.threshold ?? 0, top_up_to: fen.target ?? 0, times_a_day: 1 }
        : { kind, day_of_month: day, amount: fen.amount ?? 0 };
    const target = who === '' ? ({ type: 'self' } as const) : ({ type: 'linked', linked_number: who } as const);
    void act(() => api.setAuto({ target, rule, currency: 'CNY' }));
  };
  return (
    <section className="card">
      <h2>{t('auto.add')}</h2>
      <label htmlFor="auto-who">{t('auto.who')}</label>
      <select id="auto-who" value={who} onChange={(event) => setWho(event.target.value)}>
        <option value="">{t('topup.self')}</option>
        {me.linked_numbers
          .filter(({ state }) => state === 'active')
          .map((one) => (
            <option key={one.id} value={one.id}>
              {one.nickname} {one.number}
            </option>
          ))}
      </select>
      <label htmlFor="auto-kind">{t('auto.kind')}</label>
      <select
        id="auto-kind"
        value={kind}
        onChange={(event) => setKind(event.target.value === 'calendar' ? 'calendar' : 'threshold')}
      >
        <option value="threshold">{t('auto.kind.threshold')}</option>
        <option value="calendar">{t('auto.kind.calendar')}</option>
      </select>
      {kind === 'threshold' ? (
        <>
          {field('threshold', t('auto.threshold'))}
          {field('target', t('auto.target'))}
        </>
      ) : (
        <>
          {field('day', t('auto.day'))}
          {field('amount', t('auto.amount'))}
        </>
      )}
      <Button block color="primary" size="large" disabled={!card || !ready} onClick={save} aria-describedby="auto-why">
        {t('auto.save')}
      </Button>
      <p className="muted" id="auto-why">
        {card ? (ready ? '' : t('auto.needSums')) : t('auto.needCard')}
      </p>
    </section>
  );
}
