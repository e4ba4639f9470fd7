/** A dated answer to "whose is it": `from` inclusive, `until` exclusive, null = without end. Dates in Asia/Shanghai. */
export interface DatedRoute {
  from: string;
  until: string | null;
  branch: string;
}

/** The route in force on a date; where several have begun and not ended, the one that began last. */
export function inForce(routes: readonly DatedRoute[], date: string): string | null {
  const valid = routes.filter((route) => route.from <= date && (route.until === null || date < route.until));
  const latest = valid.reduce<DatedRoute | null>(
    (best, route) => (!best || route.from > best.from ? route : best),
    null,
  );
  return latest?.branch ?? null;
}

/** The branch that serves a number on a date. A ported number is asked first: its segment says only where it was born. */
export function homeBranch(
  ported: readonly DatedRoute[],
  segments: readonly DatedRoute[],
  date: string,
): string | null {
  return inForce(ported, date) ?? inForce(segments, date);
}

export const prefixOf = (msisdn: string): string => msisdn.slice(0, 7);
