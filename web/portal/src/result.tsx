import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Dialog } from 'antd-mobile';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { dateTime, shortTime } from '../../kit/dates';
import { inFours } from '../../kit/masks';
import { yuan } from '../../kit/money';
import { look } from '../../kit/state';
import { StateTag } from '../../kit/state-tag';
import { api, type Me, type Payment } from './api';
import { plain } from './cards';
import { NextStep } from './next-step';
import { Trouble } from './trouble';

/** One address per payment: survives reload and a lost connection; follows by server-sent events, and by polling beside them. */
export function Result({ me }: { me: Me }) {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const queries = useQueryClient();
  const payment = useQuery({
    queryKey: ['payment', id],
    queryFn: () => api.payment(id),
    refetchInterval: (query) => (query.state.data?.final ? false : 3_000),
  });
  useEffect(() => {
    const source = new EventSource(`/v1/portal/payments/${encodeURIComponent(id)}/stream`);
    source.addEventListener('payment', (event) => {
      const next = JSON.parse((event as MessageEvent<string>).data) as Payment;
      queries.setQueryData(['payment', id], next);
      if (next.final) {
        source.close();
        void queries.invalidateQueries({ queryKey: ['me'] });
      }
    });
    return () => source.close();
  }, [id, queries]);
  if (payment.isPending)
    return (
      <p className="muted" role="status">
        {t('loading')}
      </p>
    );
  if (payment.error) return <Trouble error={payment.error} retry={() => void payment.refetch()} />;
  return <Outcome me={me} payment={payment.data} />;
}

function Outcome({ me, payment }: { me: Me; payment: Payment }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const name = me.linked_numbers.find((one) => one.number === payment.msisdn)?.nickname ?? payment.msisdn;
  const words = {
    amount: yuan(payment.amount),
    name,
    account: payment.funding.account ?? '',
    balance: payment.topup.balance_after === null ? '' : yuan(payment.topup.balance_after),
    why: t([`decline.${payment.decline?.code ?? 'other'}`, 'decline.other']),
  };
  const payAgain = async () => {
    if (
      await Dialog.confirm({
        content: t('result.twice'),
        confirmText: t('result.payAnyway'),
        cancelText: t('result.wait'),
      })
    ) {
      void navigate(`/?replaces=${payment.id}`);
    }
  };
  return (
    <section className={`card result ${payment.state}`} aria-live="polite">
      <StateTag look={payment.next_action ? 'waiting' : look('payment', payment.state)}>
        {payment.next_action ? t('result.yourTurn') : t(`payment.${payment.state}`)}
      </StateTag>
      <p className="amount">{yuan(payment.amount)}</p>
      <h1 className="words">{t(sentenceOf(payment), words)}</h1>
      {payment.next_action ? <NextStep action={payment.next_action} /> : null}
      {payment.state === 'unknown' ? (
        <>
          <p>{t('result.unknownMore')}</p>
          <p>
            <strong>{t('result.dontRepeat')}</strong>
          </p>
          <p className="muted">
            {payment.last_query_at ? t('result.asked', { at: shortTime(payment.last_query_at) }) : ''}{' '}
            {payment.next_query_at ? t('result.next', { at: shortTime(payment.next_query_at) }) : ''}
          </p>
        </>
      ) : null}
      <dl className="facts">
        <dt>{t('result.order')}</dt>
        <dd className="digits">{inFours(payment.number)}</dd>
        <dt>{t('result.to')}</dt>
        <dd>
          {name} {name === payment.msisdn ? '' : payment.msisdn}
        </dd>
        <dt>{t('result.from')}</dt>
        <dd>{payment.funding.account ?? t('result.atProvider')}</dd>
        <dt>{t('result.at')}</dt>
        <dd>{dateTime(payment.created_at)}</dd>
      </dl>
      {payment.state === 'unknown' ? (
        <Button block onClick={() => void payAgain()}>
          {t('result.payAgain')}
        </Button>
      ) : null}
      {payment.next_action ? (
        <Button block onClick={() => void navigate(anotherWay(payment, me))}>
          {t('result.otherWay')}
        </Button>
      ) : null}
      {payment.state === 'declined' || payment.state === 'closed' ? (
        <Button block color="primary" size="large" onClick={() => void navigate('/')}>
          {t('result.lower')}
        </Button>
      ) : null}
      {payment.final && payment.state === 'completed' ? (
        <Button block size="large" onClick={() => void navigate('/')}>
          {t('result.back')}
        </Button>
      ) : null}
    </section>
  );
}

/** The same payment at somebody else's: this one's page is closed when its time is over, and of two paid one goes back. */
function anotherWay(payment: Payment, me: Me): string {
  const linked = me.linked_numbers.find((one) => one.number === payment.msisdn);
  const own = payment.msisdn === me.number.replace(/^(\d{3})\d{4}/, '$1****');
  const query = { replaces: payment.id, for: linked?.id ?? (own ? 'self' : 'other'), amount: plain(payment.amount) };
  return `/?${new URLSearchParams(query).toString()}`;
}

/** Each sentence says whether money moved: done, not charged, charged and being returned, or not known yet. */
function sentenceOf(payment: Payment): string {
  switch (payment.state) {
    case 'completed':
      return payment.topup.balance_after === null ? 'result.done' : 'result.doneBalance';
    case 'declined':
    case 'closed':
      return 'result.notCharged';
    case 'submitted':
      return payment.next_action ? 'result.toPay' : 'result.working';
    case 'unknown':
      return 'result.unknown';
    case 'paid':
      return 'result.paid';
    case 'refunding':
    case 'reversing':
    case 'rejected':
      return 'result.returning';
    case 'refunded':
    case 'reversed':
    case 'partially_refunded':
    case 'returned':
      return 'result.returned';
    default:
      return 'result.working';
  }
}
