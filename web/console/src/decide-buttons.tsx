import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Space, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, type Break, type Operator } from './api';

/** The second person. Own proposals are shown but cannot be decided, and the button says why. */
export function DecideButtons({ rows, operator, onDone }: { rows: Break[]; operator: Operator; onDone(): void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const decide = useMutation({
    mutationFn: (decision: 'approve' | 'reject') =>
      api.decide(rows.map((row) => ({ break: row.id, version: row.version, decision, reason: decision }))),
    onSuccess: async ({ data }) => {
      const ok = data.filter((one) => one.outcome === 'ok').length;
      void message.info(t('c.done.decided', { ok, changed: data.length - ok }));
      await queries.invalidateQueries();
      onDone();
    },
    onError: (error) => void message.error(error.message),
  });
  const own = rows.some((row) => row.proposal?.proposed_by === operator.username);
  const why = own ? t('c.ownProposal') : operator.roles.includes('finance_checker') ? '' : t('c.needChecker');
  return (
    <Tooltip title={why}>
      <Space>
        <Button
          type="primary"
          disabled={why !== '' || rows.length === 0}
          loading={decide.isPending}
          onClick={() => decide.mutate('approve')}
        >
          {t('c.approve')}
        </Button>
        <Button
          disabled={why !== '' || rows.length === 0}
          loading={decide.isPending}
          onClick={() => decide.mutate('reject')}
        >
          {t('c.reject')}
        </Button>
        {why ? <span className="muted">{why}</span> : null}
      </Space>
    </Tooltip>
  );
}
