/** Where a number, or the numbers that begin with a prefix, are served. */
export interface Route {
  /** A whole number, or a prefix. */
  id: string;
  /** Null: another carrier. */
  branch: string | null;
  /** First day, Asia/Shanghai. */
  from: string;
  /** Of the imported file; 0: by a registration. */
  version: number;
}

/** Segments are given out to branches in blocks of ten thousand, a thousand or a hundred numbers. */
const PREFIX_LENGTHS = [9, 8, 7] as const;

export const prefixOf = (msisdn: string): string => msisdn.slice(0, 7);

/** Longest first. */
export const prefixesOf = (msisdn: string): string[] => PREFIX_LENGTHS.map((length) => msisdn.slice(0, length));

/**
 * Who serves a number, of the routes in force: a ported number is asked first, since its segment says only where it was
 * born; then the longest prefix. Null: another carrier; undefined: nobody.
 */
export function routeOf(msisdn: string, routes: ReadonlyMap<string, readonly Route[]>): string | null | undefined {
  for (const id of [msisdn, ...prefixesOf(msisdn)]) {
    const latest = latestOf(routes.get(id) ?? []);
    if (latest) return latest.branch;
  }
  return undefined;
}

/** Of several in force the one that began last, then the one of the younger file. */
const latestOf = (routes: readonly Route[]): Route | undefined =>
  routes.reduce<Route | undefined>((best, route) => (!best || isLater(route, best) ? route : best), undefined);

const isLater = (one: Route, other: Route): boolean =>
  one.from > other.from || (one.from === other.from && one.version > other.version);
