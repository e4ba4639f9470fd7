import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../../kit/dates';
import { yuan } from '../../kit/money';
import { look } from '../../kit/state';
import { StateTag } from '../../kit/state-tag';
import { api } from './api';
import { Trouble } from './trouble';

export function History() {
  const { t } = useTranslation();
  const payments = useQuery({ queryKey: ['payments'], queryFn: api.payments });
  if (payments.isPending)
    return (
      <p className="muted" role="status">
        {t('loading')}
      </p>
    );
  if (payments.error) return <Trouble error={payments.error} retry={() => void payments.refetch()} />;
  return (
    <section className="card">
      <h1>{t('tab.history')}</h1>
      {payments.data.data.length === 0 ? <p className="muted">{t('history.empty')}</p> : null}
      <ul className="rows">
        {payments.data.data.map((one) => (
          <li key={one.id}>
            <Link to={`/payments/${one.id}`}>
              <span>
                <strong className="digits">{yuan(one.amount)}</strong> {one.msisdn}
                <br />
                <small className="muted">{dateTime(one.created_at)}</small>
              </span>
              <StateTag look={look('payment', one.state)}>{t(`payment.${one.state}`)}</StateTag>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
