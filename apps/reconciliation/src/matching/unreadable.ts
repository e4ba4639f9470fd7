import type { UnreadableLine } from '../statements/statement';
import { breakId, hashOf } from './identity';
import type { Finding } from './result';
import { valueDifference } from './value-table';

/** A line nobody can read is a finding with its raw bytes; the rest of the file goes on. */
export function unreadableFindings(provider: string, date: string, lines: readonly UnreadableLine[]): Finding[] {
  const seen = new Map<string, number>();
  return lines
    .map((line) => {
      const leg = `unreadable_line:${hashOf(line.raw).slice(0, 32)}`;
      const occurrence = seen.get(leg) ?? 0;
      seen.set(leg, occurrence + 1);
      return fileFinding(breakId(provider, date, 'line', leg, occurrence), 'line', 'unreadable_line', leg, line);
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The file as a whole does not agree with itself: it stops at "statement in". */
export function controlTotalFinding(
  provider: string,
  date: string,
  sha256: string,
  findings: readonly string[],
): Finding {
  const id = breakId(provider, date, 'file', sha256, 0);
  const raw = findings.join('; ').slice(0, 4_000);
  return fileFinding(id, 'file', 'control_total', sha256.slice(0, 64), { line: 0, raw });
}

function fileFinding(
  id: string,
  kind: 'line' | 'file',
  cls: 'unreadable_line' | 'control_total',
  leg: string,
  { line, raw }: Pick<UnreadableLine, 'line' | 'raw'>,
): Finding {
  const { row, suggested, steps } = valueDifference(cls);
  return {
    id,
    kind,
    row,
    class: cls,
    wait: 0,
    key: kind,
    leg,
    paymentNo: '',
    refNo: '',
    txnId: '',
    branch: '',
    acquiringBranch: '',
    channel: '',
    partner: '',
    atStake: 0n,
    pAmount: null,
    gAmount: null,
    bAmount: null,
    pState: 'unreadable',
    gState: null,
    bState: null,
    line: line === 0 ? null : line,
    raw,
    itemId: null,
    suggested,
    steps,
    auto: false,
    onlyIfBalance: false,
    severe: false,
  };
}
