import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Break, type CreditRun, type Operator } from './api';
import { BreakPanel } from './break-panel';
import { BreakTable } from './break-table';
import { ProposeDialog } from './propose-dialog';
import { Trouble } from './trouble';

/** Every difference of one province's date, page by page, each with its class and its next step; a row is decided here too. */
export function CreditFindings({ run, operator }: { run: CreditRun; operator: Operator }) {
  const { t } = useTranslation();
  const { provider, date } = run;
  const found = useInfiniteQuery({
    queryKey: ['breaks', 'credit', provider, date],
    queryFn: ({ pageParam }) =>
      api.breaks({ state: 'any', provider, date, ...(pageParam === '' ? {} : { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const [shown, setShown] = useState<Break | null>(null);
  const [proposing, setProposing] = useState<Break[]>([]);
  const [ticked, setTicked] = useState<Break[]>([]);
  const rows = found.data?.pages.flatMap((page) => page.data) ?? [];
  const end = () => {
    setProposing([]);
    setTicked([]);
    setShown(null);
  };
  if (found.error) return <Trouble error={found.error} />;
  return (
    <div className="gap">
      <BreakTable
        rows={rows}
        loading={found.isPending}
        cursor={-1}
        ticked={ticked}
        onTick={setTicked}
        onOpen={setShown}
      />
      {found.hasNextPage ? (
        <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t('c.more')}
        </Button>
      ) : null}
      <BreakPanel row={shown} operator={operator} onClose={end} onPropose={(row) => setProposing([row])} />
      <ProposeDialog rows={proposing} onDone={end} />
    </div>
  );
}
