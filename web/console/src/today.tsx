import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { count, figure } from '../../kit/money';
import { api, type Operator } from './api';
import { DayMatrix } from './day-matrix';
import { mayOpen } from './pages';
import { Trouble } from './trouble';

/** What needs me: figures, each opening its filtered list, then the provider × date strip. */
export function Today({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const today = useQuery({ queryKey: ['today'], queryFn: api.today });
  const doubts = useQuery({ queryKey: ['doubts'], queryFn: api.doubts, enabled: mayOpen(operator, 'doubts') });
  const strip = mayOpen(operator, 'days');
  const days = useQuery({ queryKey: ['days'], queryFn: api.days, refetchInterval: 10_000, enabled: strip });
  const cards = today.data
    ? [
        {
          label: t('c.card.approvals'),
          value: count(today.data.approvals),
          to: '/approvals',
          page: 'approvals' as const,
        },
        { label: t('c.card.breaks'), value: count(today.data.breaks.open), to: '/breaks', page: 'breaks' as const },
        {
          label: t('c.card.inDoubt'),
          value: count(today.data.in_doubt),
          to: '/breaks?state=suspense',
          page: 'breaks' as const,
        },
        { label: t('c.card.daysOpen'), value: count(today.data.days_open), to: '/days', page: 'days' as const },
        { label: t('c.card.atRisk'), value: figure(today.data.money_at_risk), to: '/breaks', page: 'breaks' as const },
        {
          label: t('c.card.doubts'),
          value: doubts.data ? count(doubts.data.data.length) : '…',
          to: '/doubts',
          page: 'doubts' as const,
        },
      ].filter((card) => mayOpen(operator, card.page))
    : [];
  const quiet = today.data && today.data.approvals === 0 && today.data.breaks.open === 0 && today.data.days_open === 0;
  return (
    <>
      <h1>{t('c.today')}</h1>
      {today.error ? <Trouble error={today.error} /> : null}
      {quiet ? <p>{t('c.allQuiet', { date: today.data?.business_date ?? '' })}</p> : null}
      <div className="cards">
        {cards.map((card) => (
          <Link key={card.label} to={card.to}>
            <span className="muted">{card.label}</span>
            <span className="figure">{card.value}</span>
          </Link>
        ))}
      </div>
      {strip ? (
        <>
          <h2>{t('c.strip')}</h2>
          {days.error ? (
            <Trouble error={days.error} />
          ) : (
            <DayMatrix days={days.data?.data ?? []} loading={days.isPending} />
          )}
        </>
      ) : null}
    </>
  );
}
