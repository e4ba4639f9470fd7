import type { ProviderEvent } from '@yidian/connectors/contract';

/** What the command has found out; with --json it is printed as it is. */
export interface Report {
  provider: string;
  verified: boolean;
  /** '' when verified. */
  fault: string;
  detail: string;
  /** As of when. */
  now: string;
  event_id?: string | null;
  /** null: no event that has a meaning for us. */
  event?: object | null;
  signatures?: SignatureReport[];
  /** What the partners' door makes of it. */
  door?: { admitted: boolean; fault: string; detail: string };
}

export interface SignatureReport {
  label: string;
  key_id: string;
  verified: boolean;
  fault: string;
  detail: string;
}

/** Amounts in minor units as digits, times in RFC 3339, names as everywhere in our JSON. */
export function eventJson(event: ProviderEvent): object {
  return plain(event) as object;
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [snake(name), plain(member)]));
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The report in lines for a reader. */
export function linesOf(report: Report): string[] {
  const { provider, verified, fault, detail, signatures = [], door } = report;
  const lines = [`${verified ? 'verified' : 'refused '}  ${provider}${fault === '' ? '' : `  ${fault}: ${detail}`}`];
  for (const { label, key_id, ...judged } of signatures)
    lines.push(
      `signature ${label} of ${key_id}: ${judged.verified ? 'verifies' : `${judged.fault}: ${judged.detail}`}`,
    );
  if (door) lines.push(door.admitted ? 'door      lets it in' : `door      refuses it: ${door.fault}: ${door.detail}`);
  if (report.event_id !== undefined) lines.push(`event id  ${report.event_id ?? 'none: the body is no event'}`);
  if (report.event !== undefined)
    lines.push(`event     ${report.event === null ? 'of no meaning for us' : words(report.event)}`);
  return lines;
}

/** `debit · order_no 26… · answer.outcome succeeded · …` */
function words(event: object): string {
  const flat = (value: object, path: string): string[] =>
    Object.entries(value).flatMap(([name, member]: [string, unknown]) =>
      typeof member === 'object' && member !== null
        ? flat(member, `${path}${name}.`)
        : [`${path}${name} ${String(member)}`],
    );
  return flat(event, '').join(' · ');
}
