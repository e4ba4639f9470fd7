import { useQuery } from '@tanstack/react-query';
import { Alert, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { figure } from '../../kit/money';
import { api, type Operator, type Position } from './api';
import { money } from './columns';
import { useDate } from './date-choice';
import { Trouble } from './trouble';

const FIGURES = [
  'principal',
  'refunds',
  'fees',
  'commission_given',
  'commission_earned',
  'adjustments',
  'paid',
  'net',
] as const;

/** Who owes whom after the night: tiles by branch, then the table with sticky totals. */
export function Positions({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const { date, choice } = useDate(operator);
  const positions = useQuery({
    queryKey: ['positions', date],
    queryFn: () => api.positions(date),
    enabled: date !== '',
  });
  const rows = positions.data?.rows ?? [];
  const branches = rows.filter((row) => row.party_kind === 'branch');
  return (
    <>
      <h1>
        {t('c.positions')} {choice}
      </h1>
      {positions.error ? <Trouble error={positions.error} /> : null}
      {positions.data && !positions.data.final ? (
        <Alert
          type="warning"
          showIcon
          title={
            positions.data.open_breaks > 0 ? t('c.notFinal', { count: positions.data.open_breaks }) : t('c.noPositions')
          }
        />
      ) : null}
      <p className="muted">{t('c.yuan')}</p>
      {branches.length > 0 ? <Tiles rows={branches} date={date} /> : null}
      <div className="gap">
        <PositionTable rows={rows} date={date} loading={positions.isPending && date !== ''} />
      </div>
    </>
  );
}

function PositionTable({ rows, date, loading }: { rows: Position[]; date: string; loading: boolean }) {
  const { t, i18n } = useTranslation();
  const nameOf = (row: Position) => (i18n.language === 'en' ? row.name_en : row.name_zh);
  const heads = {
    principal: t('c.principal'),
    refunds: t('c.refunds'),
    fees: t('c.fees'),
    commission_given: t('c.given'),
    commission_earned: t('c.earned'),
    adjustments: t('c.adjust'),
    paid: t('c.paidOut'),
    net: t('c.net'),
  };
  return (
    <Table<Position>
      size="small"
      rowKey={(row) => `${row.party_kind}/${row.party}`}
      dataSource={rows}
      loading={loading}
      pagination={false}
      sticky
      scroll={{ x: true }}
      locale={{ emptyText: t('c.noPositions') }}
      columns={[
        {
          title: t('c.party'),
          key: 'party',
          render: (_, row) =>
            row.party_kind === 'branch' ? (
              <Link to={`/statements/${row.party}/${date}`}>{nameOf(row)}</Link>
            ) : (
              nameOf(row)
            ),
        },
        {
          title: '',
          dataIndex: 'party_kind',
          render: (kind: string) => <span className="muted">{t(`c.party.${kind}`)}</span>,
        },
        ...FIGURES.map((name) => money<Position>(heads[name], name)),
      ]}
      summary={(data) => (
        <Table.Summary fixed="bottom">
          <Table.Summary.Row>
            <Table.Summary.Cell index={0} colSpan={2}>
              {t('c.total')}
            </Table.Summary.Cell>
            {FIGURES.map((name, index) => (
              <Table.Summary.Cell key={name} index={index + 2} align="right">
                {figure(data.reduce((total, row) => total + row[name], 0))}
              </Table.Summary.Cell>
            ))}
          </Table.Summary.Row>
        </Table.Summary>
      )}
    />
  );
}

/** 31 equal squares, code and value; no outline map. */
function Tiles({ rows, date }: { rows: Position[]; date: string }) {
  const { t, i18n } = useTranslation();
  const most = Math.max(1, ...rows.map((row) => Math.abs(row.net)));
  return (
    <nav className="tiles" aria-label={t('c.tile')}>
      {rows.map((row) => (
        <Link key={row.party} to={`/statements/${row.party}/${date}`} style={{ background: shade(row.net / most) }}>
          <strong>{i18n.language === 'en' ? row.name_en : row.name_zh}</strong>
          <span>{figure(row.net)}</span>
        </Link>
      ))}
    </nav>
  );
}

function shade(share: number): string {
  const strength = Math.round(Math.min(1, Math.abs(share)) * 55);
  return `color-mix(in srgb, ${share < 0 ? '#D55E00' : '#0072B2'} ${strength}%, #F6F8FA)`;
}
