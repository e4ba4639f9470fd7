import { useEffect, useState } from 'react';

interface Actions<T> {
  open(row: T): void;
  close(): void;
  tick(row: T): void;
  propose(row: T): void;
}

/** j/k move, Enter opens, x ticks, p proposes, Esc closes. Silent while someone types in a field. */
export function useRowKeys<T>(rows: readonly T[], actions: Actions<T>): number {
  const [cursor, setCursor] = useState(0);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT|BUTTON)$/.test(target.tagName))
        return;
      const row = rows[cursor];
      if (event.key === 'j') setCursor((now) => Math.min(rows.length - 1, now + 1));
      else if (event.key === 'k') setCursor((now) => Math.max(0, now - 1));
      else if (event.key === 'Escape') actions.close();
      else if (row !== undefined && event.key === 'Enter') actions.open(row);
      else if (row !== undefined && event.key === 'x') actions.tick(row);
      else if (row !== undefined && event.key === 'p') actions.propose(row);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [rows, cursor, actions]);
  return cursor;
}
