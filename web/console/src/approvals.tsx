import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { date as dateOf } from '../../kit/dates';
import { api, type Break, type Operator } from './api';
import { BreakPanel } from './break-panel';
import { BreakTable } from './break-table';
import { DecideButtons } from './decide-buttons';
import { OtherApprovals } from './other-approvals';
import { Trouble } from './trouble';

/** What waits for a second person. */
export function Approvals({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const waiting = useQuery({ queryKey: ['breaks', 'proposed'], queryFn: () => api.breaks({ state: 'proposed' }) });
  const [ticked, setTicked] = useState<Break[]>([]);
  const [shown, setShown] = useState<Break | null>(null);
  const rows = waiting.data?.data ?? [];
  return (
    <>
      <h1>{t('c.approvals')}</h1>
      <h2>{t('c.breaks')}</h2>
      {waiting.error ? <Trouble error={waiting.error} /> : null}
      {waiting.data && rows.length === 0 ? <p>{t('c.noApprovals')}</p> : null}
      {rows.length > 0 ? (
        <>
          <DecideButtons rows={ticked} operator={operator} onDone={() => setTicked([])} />
          <div className="gap">
            <BreakTable
              rows={rows}
              loading={waiting.isPending}
              cursor={-1}
              ticked={ticked}
              onTick={setTicked}
              onOpen={setShown}
            />
          </div>
        </>
      ) : null}
      <OtherApprovals operator={operator} date={dateOf(new Date().toISOString())} />
      <BreakPanel row={shown} operator={operator} onClose={() => setShown(null)} onPropose={() => setShown(null)} />
    </>
  );
}
