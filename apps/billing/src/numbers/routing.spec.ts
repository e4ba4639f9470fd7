import { prefixesOf, routeOf, type Route } from './routing';

const HUBEI = '420000';
const HUNAN = '430000';
const GUANGDONG = '440000';
const NUMBER = '13800001234';
const route = (id: string, branch: string | null, from = '2020-01-01', version = 1): Route => ({
  id,
  branch,
  from,
  version,
});
const decide = (...routes: Route[]) => {
  const byId = new Map<string, Route[]>();
  for (const one of routes) byId.set(one.id, [...(byId.get(one.id) ?? []), one]);
  return routeOf(NUMBER, byId);
};

test.each([
  ['nobody', [], undefined],
  ['by segment', [route('1380000', HUBEI)], HUBEI],
  ['a longer prefix', [route('1380000', HUBEI), route('13800001', HUNAN)], HUNAN],
  ['the longest prefix', [route('13800001', HUNAN), route('138000012', GUANGDONG)], GUANGDONG],
  ['another segment', [route('1380001', HUBEI)], undefined],
  ['a ported number is asked first', [route('138000012', HUBEI), route(NUMBER, GUANGDONG)], GUANGDONG],
  ['ported to another carrier', [route('1380000', HUBEI), route(NUMBER, null)], null],
  ['the route that began last', [route('1380000', HUBEI), route('1380000', HUNAN, '2026-01-01')], HUNAN],
  ['in any order', [route('1380000', HUNAN, '2026-01-01'), route('1380000', HUBEI)], HUNAN],
  ['the younger file', [route('1380000', HUBEI, '2026-01-01', 3), route('1380000', HUNAN, '2026-01-01', 2)], HUBEI],
] as const)('%s', (_name, routes, branch) => expect(decide(...routes)).toBe(branch));

test('prefixes, longest first', () => expect(prefixesOf(NUMBER)).toEqual(['138000012', '13800001', '1380000']));
