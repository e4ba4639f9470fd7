import { useQuery } from '@tanstack/react-query';
import { Card, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { figure } from '../../kit/money';
import { api, type Run } from './api';
import { money } from './columns';
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
      <div className="cards">
        {run.bridges.map((bridge) => (
          <Card key={bridge.kind} size="small" title={t(`c.bridge.${bridge.kind}`)}>
            <table width="100%">
              <tbody>
                <tr>
                  <td>{t('c.statementTotal')}</td>
                  <td className="right-aligned">{figure(bridge.statement_total)}</td>
                </tr>
                {bridge.lines.map((line) => (
                  <tr key={line.name}>
                    <td className="muted">
                      {line.name} × {line.count}
                    </td>
                    <td className="right-aligned">{figure(line.amount)}</td>
                  </tr>
                ))}
                <tr>
                  <td>{t('c.bookTotal')}</td>
                  <td className="right-aligned">{figure(bridge.book_total)}</td>
                </tr>
                <tr>
                  <td>
                    <strong>{t('c.residualShort')}</strong>
                  </td>
                  <td className="right-aligned">
                    <strong>{figure(bridge.residual)}</strong>
                  </td>
                </tr>
              </tbody>
            </table>
          </Card>
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
