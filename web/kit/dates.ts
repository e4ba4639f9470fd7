const ZONE = 'Asia/Shanghai';

/** `14:05:09`, Asia/Shanghai. */
export function time(iso: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: ZONE,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(new Date(iso));
}

/** `14:05` */
export function shortTime(iso: string): string {
  return time(iso).slice(0, 5);
}

/** `2026-11-22 14:05:09`, Asia/Shanghai. */
export function dateTime(iso: string): string {
  return `${date(iso)} ${time(iso)}`;
}

/** `2026-11-22` of an instant in Asia/Shanghai. */
export function date(iso: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: ZONE }).format(new Date(iso));
}

/** Whole days between a plain date and today in Asia/Shanghai; 0 = today. */
export function ageInDays(plainDate: string, now: Date = new Date()): number {
  const today = Date.parse(`${date(now.toISOString())}T00:00:00Z`);
  return Math.max(0, Math.round((today - Date.parse(`${plainDate}T00:00:00Z`)) / 86_400_000));
}
