import { useQuery } from '@tanstack/react-query';
import { Button, Descriptions, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { figure } from '../../kit/money';
import { api, type PartyStatement } from './api';
import { money } from './columns';
import { Trouble } from './trouble';

type Line = PartyStatement['lines'][number];

export function StatementPage() {
  const { t, i18n } = useTranslation();
  const { party = '', date = '' } = useParams();
  const statement = useQuery({ queryKey: ['statement', party, date], queryFn: () => api.statement(party, date) });
  const data = statement.data;
  if (statement.error) return <Trouble error={statement.error} />;
  if (!data) return null;
  const facts: [string, number][] = [
    [t('c.principal'), data.gross],
    [t('c.refunds'), data.refunds],
    [t('c.fees'), data.fees],
    [t('c.given'), data.commission_given],
    [t('c.earned'), data.commission_earned],
    [t('c.adjust'), data.adjustments],
    [t('c.paidOut'), data.paid],
    [t('c.net'), data.net],
  ];
  return (
    <>
      <h1>
        {t('c.statement')} · {i18n.language === 'en' ? data.name_en : data.name_zh} · {data.date}
      </h1>
      <Button type="primary" href={api.statementXlsx(party, date)}>
        {t('c.xlsx')}
      </Button>
      <Descriptions
        className="gap"
        bordered
        size="small"
        column={4}
        items={facts.map(([label, value]) => ({ key: label, label, children: figure(value) }))}
      />
      <p className="muted">{t('c.yuan')}</p>
      <Table<Line>
        size="small"
        rowKey={(line) => `${line.provider}/${line.channel}`}
        dataSource={data.lines}
        pagination={false}
        columns={[
          { title: t('c.provider'), dataIndex: 'provider' },
          { title: t('c.channel'), dataIndex: 'channel', render: (value: string) => t(`channel.${value}`) },
          { title: t('c.count'), dataIndex: 'count', align: 'right' },
          money<Line>(t('c.principal'), 'principal'),
          money<Line>(t('c.fee'), 'fee'),
          money<Line>(t('c.commission'), 'commission'),
          money<Line>(t('c.adjust'), 'adjustments'),
          money<Line>(t('c.paidOut'), 'paid'),
          money<Line>(t('c.net'), 'net'),
        ]}
      />
    </>
  );
}
