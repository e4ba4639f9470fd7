import { useQuery } from '@tanstack/react-query';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api, type Run } from './api';
import { money } from './columns';
import { BridgeCard } from './run-bridge';
import { Trouble } from './trouble';

/** One provider, one date: bridges with their residual, counts by class, hashes of what went in and came out. */
export function RunPage() {
  const { provider = '', date = '' } = useParams();
  const run = useQuery({ queryKey: ['run', provider, date], queryFn: () => api.run(provider, date) });
  return (
    <>
      <h1>
        {provider} · {date}
      </h1>
      {run.error ? <Trouble error={run.error} /> : null}
      {run.data ? <RunBody run={run.data} /> : null}
    </>
  );
}

function RunBody({ run }: { run: Run }) {
  const { t } = useTranslation();
  return (
    <>
      <p className="muted">
        {run.statement.file_name} · {run.statement.lines} · SHA-256 {run.statement.sha256.slice(0, 16)}… ·{' '}
        {t('c.digest')} {run.digest.slice(0, 16)}…
      </p>
      <h2>{t('c.bridge')}</h2>
      <div className="bridges">
        {run.bridges.map((bridge) => (
          <BridgeCard key={bridge.kind} bridge={bridge} />
        ))}
      </div>
      <h2>{t('c.classCounts')}</h2>
      <Table
        size="small"
        rowKey="class"
        pagination={false}
        dataSource={run.counts}
        columns={[
          {
            title: t('c.class'),
            dataIndex: 'class',
            render: (value: string) => (
              <Link to={`/breaks?state=any&class=${value}&date=${run.date}&provider=${run.provider}`}>
                {t(`class.${value}`)}
              </Link>
            ),
          },
          { title: t('c.count'), dataIndex: 'count', align: 'right' },
          money<Run['counts'][number]>(t('c.amount'), 'amount'),
        ]}
      />
    </>
  );
}
