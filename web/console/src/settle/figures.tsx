import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { figure } from '../../../kit/money';
import type { Month } from './settle-api';
import { rate } from './terms-words';

type Figure = Month['figures'][number];
interface Row {
  key: string;
  party: string;
  terms: string;
  amounts: Map<string, number>;
}

/** What the steps booked: a table a step, a line a party, a column a figure; a column of nothing but zeros is left out. */
export function Figures({ figures, steps }: { figures: Figure[]; steps: Month['steps'] }) {
  const { t, i18n } = useTranslation();
  const word = (kind: string, name: string) => (i18n.exists(`${kind}.${name}`) ? t(`${kind}.${name}`) : name);
  const told = steps.filter(({ no }) => figures.some(({ step }) => step === no));
  if (told.length === 0) return <p className="muted">{t('c.noFigures')}</p>;
  return (
    <>
      {told.map(({ no, name }) => (
        <details key={no} className="gap" open={told.length === 1}>
          <summary>
            {no} {word('c.monthStep', name)}
          </summary>
          <StepTable of={figures.filter(({ step }) => step === no)} word={(one) => word('c.figureName', one)} />
        </details>
      ))}
    </>
  );
}

function StepTable({ of, word }: { of: Figure[]; word: (name: string) => string }) {
  const { t } = useTranslation();
  const names = [...new Set(of.filter(({ amount }) => amount !== 0).map(({ name }) => name))];
  const rows = rowsOf(of);
  if (names.length === 0) return <p className="muted">{t('c.allZero', { count: rows.length })}</p>;
  return (
    <Table<Row>
      size="small"
      rowKey="key"
      dataSource={rows}
      pagination={{ pageSize: 50, hideOnSinglePage: true }}
      scroll={{ x: true }}
      columns={[
        { title: t('c.party'), dataIndex: 'party' },
        ...(rows.some(({ terms }) => terms !== '') ? [{ title: t('c.terms'), dataIndex: 'terms' }] : []),
        ...names.map((name) => ({
          title: word(name),
          key: name,
          align: 'right' as const,
          // A rate stands among the sums: it is no money.
          render: (_: unknown, { amounts }: Row) => {
            const amount = amounts.get(name);
            return name.endsWith('Ppm') && amount !== undefined ? rate(amount) : figure(amount);
          },
        })),
      ]}
    />
  );
}

function rowsOf(figures: Figure[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { party, terms_id: terms, name, amount } of figures) {
    const key = `${party}/${terms}`;
    const row = rows.get(key) ?? { key, party, terms, amounts: new Map<string, number>() };
    row.amounts.set(name, amount);
    rows.set(key, row);
  }
  return [...rows.values()];
}
