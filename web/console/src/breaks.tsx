import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Segmented, Space, Tooltip, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api, type Break, type Operator } from './api';
import { BreakPanel } from './break-panel';
import { BreakTable } from './break-table';
import { ProposeDialog } from './propose-dialog';
import { Trouble } from './trouble';
import { useRowKeys } from './row-keys';

const FILTERS = ['open', 'proposed', 'suspense', 'resolved', 'any'];

/** Clear differences: list, side panel, proposals singly or for the ticked rows. */
export function Breaks({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const state = params.get('state') ?? 'open';
  const filter = {
    state,
    date: params.get('date') ?? undefined,
    provider: params.get('provider') ?? undefined,
    class: params.get('class') ?? undefined,
  };
  const breaks = useQuery({ queryKey: ['breaks', filter], queryFn: () => api.breaks(filter) });
  const [shown, setShown] = useState<Break | null>(null);
  const [ticked, setTicked] = useState<Break[]>([]);
  const [proposing, setProposing] = useState<Break[]>([]);
  const rows = breaks.data?.data ?? [];
  const maker = operator.roles.includes('finance_maker');
  const cursor = useRowKeys<Break>(rows, {
    open: setShown,
    close: () => setShown(null),
    tick: (row) =>
      setTicked((now) =>
        now.some((one) => one.id === row.id) ? now.filter((one) => one.id !== row.id) : [...now, row],
      ),
    propose: (row) => maker && setProposing(ticked.length > 0 ? ticked : [row]),
  });
  const queries = useQueryClient();
  const finance = maker || operator.roles.includes('finance_checker');
  const take = useMutation({
    mutationFn: (mine: Break[]) =>
      api.assign(mine.map((row) => ({ break: row.id, version: row.version, owner: operator.username }))),
    onSuccess: async () => {
      setTicked([]);
      await queries.invalidateQueries({ queryKey: ['breaks'] });
    },
  });
  const openTicked = ticked.filter((one) => one.state === 'open');
  return (
    <>
      <h1>{t('c.breaks')}</h1>
      <Space wrap>
        <Segmented
          value={state}
          options={FILTERS.map((value) => ({ value, label: t(`c.filter.${value}`) }))}
          onChange={(value) => {
            params.set('state', value);
            setParams(params);
            setTicked([]);
          }}
        />
        <Tooltip title={maker ? '' : t('c.needMaker')}>
          <Button type="primary" disabled={!maker || openTicked.length === 0} onClick={() => setProposing(openTicked)}>
            {t('c.proposeSelected', { count: openTicked.length })}
          </Button>
        </Tooltip>
        <Button disabled={!finance || ticked.length === 0} loading={take.isPending} onClick={() => take.mutate(ticked)}>
          {t('c.take')}
        </Button>
        <span className="muted">j k ↵ x p ⎋</span>
      </Space>
      <div className="gap">
        {breaks.error ? <Trouble error={breaks.error} /> : null}
        <BreakTable
          rows={rows}
          loading={breaks.isPending}
          cursor={cursor}
          ticked={ticked}
          onTick={setTicked}
          onOpen={setShown}
        />
      </div>
      <BreakPanel
        row={shown}
        operator={operator}
        onClose={() => setShown(null)}
        onPropose={(row) => setProposing([row])}
      />
      <ProposeDialog
        rows={proposing}
        onDone={() => {
          setProposing([]);
          setTicked([]);
          setShown(null);
        }}
      />
    </>
  );
}
