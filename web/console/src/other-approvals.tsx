import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, type Operator } from './api';
import { connect } from './connect/connect-api';
import { allBankEntries, settle } from './settle/settle-api';
import { Trouble } from './trouble';

interface Kind {
  title: string;
  to: string;
  /** Of each proposal that waits: who has had a hand in it. */
  waiting: () => Promise<string[][]>;
}

/** Proposals of other kinds that wait for a second person; a kind that cannot be asked says so alone. */
export function OtherApprovals({ operator, date }: { operator: Operator; date: string }) {
  const { t } = useTranslation();
  return (
    <>
      <h2>{t('c.otherApprovals')}</h2>
      <div className="cards">
        {kinds(t, date).map((kind) => (
          <Card key={kind.to} kind={kind} me={operator.username} />
        ))}
      </div>
    </>
  );
}

function Card({ kind, me }: { kind: Kind; me: string }) {
  const { t } = useTranslation();
  const waiting = useQuery({ queryKey: ['waiting', kind.to], queryFn: kind.waiting });
  if (waiting.error) return <Trouble error={waiting.error} />;
  const own = (waiting.data ?? []).filter((hands) => hands.includes(me)).length;
  return (
    <Link to={kind.to}>
      <span className="muted">{kind.title}</span>
      <span className="figure">{waiting.data ? waiting.data.length - own : '…'}</span>
      <span className="muted">{own > 0 ? t('c.ownWaiting', { count: own }) : ' '}</span>
    </Link>
  );
}

const kinds = (t: (key: string) => string, date: string): Kind[] => [
  {
    ...{ title: t('c.runs'), to: '/payouts' },
    waiting: async () =>
      (await settle.runs()).data
        .filter(({ state }) => state === 'proposed' || state === 'approved_once')
        .map((run) => [run.proposed_by, run.first_by]),
  },
  { ...{ title: t('c.payees'), to: '/payouts?tab=payees' }, waiting: () => by(settle.payees(), 'proposed') },
  { ...{ title: t('c.feeSchedules'), to: '/fees' }, waiting: () => by(settle.schedules(), 'draft') },
  { ...{ title: t('c.commissions'), to: '/commissions' }, waiting: () => by(settle.plans(), 'draft') },
  {
    ...{ title: t('c.adjustments'), to: '/adjustments' },
    waiting: () => by(settle.adjustments('proposed'), 'proposed'),
  },
  { ...{ title: t('c.bankEntries'), to: '/treasury' }, waiting: () => by(allBankEntries(), 'proposed') },
  { ...{ title: t('c.exposureChanges'), to: '/exposures' }, waiting: () => by(connect.exposureChanges(), 'proposed') },
  { ...{ title: t('c.routingRules'), to: '/routing' }, waiting: () => by(connect.routing(), 'proposed') },
  {
    ...{ title: t('c.rules'), to: '/rules' },
    waiting: () =>
      by(
        api.rules(date).then(({ versions }) => ({ data: versions })),
        'proposed',
      ),
  },
];

async function by(
  list: Promise<{ data: { state: string; proposed_by: string }[] }>,
  state: string,
): Promise<string[][]> {
  const { data } = await list;
  return data.filter((one) => one.state === state).map((one) => [one.proposed_by]);
}
