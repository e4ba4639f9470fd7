import { homeBranch, inForce, type DatedRoute } from './routing';

const HUBEI = '420000';
const HUNAN = '430000';
const GUANGDONG = '440000';
const route = (branch: string, from: string, until: string | null = null): DatedRoute => ({ branch, from, until });

describe('the route in force', () => {
  test.each([
    ['nothing known', [], '2026-11-23', null],
    ['not begun yet', [route(HUBEI, '2026-11-24')], '2026-11-23', null],
    ['begins today', [route(HUBEI, '2026-11-23')], '2026-11-23', HUBEI],
    ['ends today: no longer', [route(HUBEI, '2020-01-01', '2026-11-23')], '2026-11-23', null],
    ['last day before its end', [route(HUBEI, '2020-01-01', '2026-11-23')], '2026-11-22', HUBEI],
    ['moved to another branch', [route(HUBEI, '2020-01-01'), route(HUNAN, '2026-01-01')], '2026-11-23', HUNAN],
    ['the move is still to come', [route(HUBEI, '2020-01-01'), route(HUNAN, '2027-01-01')], '2026-11-23', HUBEI],
    ['order of rows does not matter', [route(HUNAN, '2026-01-01'), route(HUBEI, '2020-01-01')], '2026-11-23', HUNAN],
  ] as const)('%s', (_name, routes, date, branch) => expect(inForce(routes, date)).toBe(branch));
});

describe('the home branch', () => {
  const segments = [route(HUBEI, '2020-01-01')];
  test.each([
    ['by segment', [], segments, HUBEI],
    ['a ported number is asked first', [route(GUANGDONG, '2026-06-01')], segments, GUANGDONG],
    ['a port that ended falls back to the segment', [route(GUANGDONG, '2026-06-01', '2026-11-01')], segments, HUBEI],
    ['a port of the future does not count', [route(GUANGDONG, '2026-12-01')], segments, HUBEI],
    ['ported without a segment', [route(GUANGDONG, '2026-06-01')], [], GUANGDONG],
    ['nobody', [], [], null],
  ] as const)('%s', (_name, ported, segment, branch) => expect(homeBranch(ported, segment, '2026-11-23')).toBe(branch));
});
