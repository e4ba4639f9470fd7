/** A ported number as stored, or as a file has it. */
export interface PortRow {
  msisdn: string;
  /** Null: another carrier. */
  branch: string | null;
  /** First day. */
  from: string;
  /** The day after the last; null: without end. */
  until: string | null;
  version: number;
}

export interface Placed {
  opened: PortRow[];
  /** Rows that stand, with their new end. */
  ended: PortRow[];
  /** Began before something that is known already: history is not rewritten. */
  skipped: number;
}

/**
 * What a file's rows about one number change in what is known of it, in the order of their days. A row that says what
 * stands changes nothing; one that contradicts it ends it on its own first day.
 */
export function placePorts(known: readonly PortRow[], incoming: readonly PortRow[]): Placed {
  const rows = known.map((row) => ({ ...row }));
  const opened: PortRow[] = [];
  const ended = new Set<PortRow>();
  let skipped = 0;
  for (const next of [...incoming].sort((one, other) => (one.from < other.from ? -1 : 1))) {
    const current = inForce(rows, next.from);
    if (current && current.branch === next.branch) {
      if (current.until === null && next.until !== null) ended.add(end(current, next.until));
    } else if (rows.some((row) => row.from > next.from)) skipped += 1;
    else {
      if (current) ended.add(end(current, next.from));
      const row = { ...next };
      rows.push(row);
      opened.push(row);
    }
  }
  return { opened, ended: [...ended].filter((row) => !opened.includes(row)), skipped };
}

function inForce(rows: readonly PortRow[], day: string): PortRow | undefined {
  const valid = rows.filter(({ from, until }) => from <= day && (until === null || day < until));
  return valid.reduce<PortRow | undefined>((best, row) => (best && best.from > row.from ? best : row), undefined);
}

function end(row: PortRow, day: string): PortRow {
  row.until = day;
  return row;
}
