import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Input, Space, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../../kit/dates';
import { api, type RiskReview } from './api';
import { money } from './columns';
import { Trouble } from './trouble';

/** Payments that are held until somebody has looked. Nothing was charged; letting one through charges nothing either. */
export function RiskPage({ mayDecide }: { mayDecide: boolean }) {
  const { t } = useTranslation();
  const reviews = useQuery({ queryKey: ['risk'], queryFn: api.riskReviews, refetchInterval: 15_000 });
  if (reviews.error) return <Trouble error={reviews.error} />;
  return (
    <>
      <h1>{t('c.risk')}</h1>
      <p className="muted">{t('c.risk.note')}</p>
      <Table<RiskReview>
        size="small"
        rowKey="id"
        loading={reviews.isPending}
        dataSource={reviews.data?.data ?? []}
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
        scroll={{ x: true }}
        locale={{ emptyText: t('c.risk.none') }}
        columns={[
          { title: t('result.at'), dataIndex: 'created_at', render: (at: string) => dateTime(at) },
          { title: t('c.risk.payer'), dataIndex: 'payer' },
          { title: t('c.risk.number'), dataIndex: 'number' },
          money<RiskReview>(t('c.amount'), 'amount'),
          {
            title: t('c.risk.why'),
            dataIndex: 'rule',
            render: (rule: RiskReview['rule'], review) => `${t(`c.risk.rule.${rule}`)} (${review.why})`,
          },
          { title: t('c.risk.asked'), dataIndex: 'asked' },
          {
            title: t('c.risk.reason'),
            render: (_, review) =>
              mayDecide ? <Decide review={review} done={() => void reviews.refetch()} /> : <span>—</span>,
          },
        ]}
      />
    </>
  );
}

function Decide({ review, done }: { review: RiskReview; done: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const decide = useMutation({
    mutationFn: (decision: 'approved' | 'rejected') => api.decideRisk(review.id, decision, reason.trim()),
    onSuccess: done,
  });
  const off = reason.trim() === '';
  const why = off ? t('c.risk.needReason') : '';
  return (
    <Space wrap>
      <Input
        aria-label={t('c.risk.reason')}
        value={reason}
        maxLength={200}
        onChange={(event) => setReason(event.target.value)}
      />
      <Button disabled={off} title={why} onClick={() => decide.mutate('approved')}>
        {t('c.risk.approve')}
      </Button>
      <Button disabled={off} title={why} danger onClick={() => decide.mutate('rejected')}>
        {t('c.risk.reject')}
      </Button>
      {decide.error ? <Trouble error={decide.error} /> : null}
    </Space>
  );
}
