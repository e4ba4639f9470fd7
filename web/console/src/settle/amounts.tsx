import { figure } from '../../../kit/money';

/** Days and amounts of one side, a line each. */
export function Amounts({ rows }: { rows: { key: string; day: string; amount: number }[] }) {
  if (rows.length === 0) return <span className="muted">–</span>;
  return (
    <>
      {rows.map((row) => (
        <div key={row.key} className="pair">
          <span className="muted">{row.day}</span>
          <span>{figure(row.amount)}</span>
        </div>
      ))}
    </>
  );
}
