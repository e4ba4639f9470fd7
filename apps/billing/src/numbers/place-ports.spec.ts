import { placePorts, type PortRow } from './place-ports';

const HUBEI = '420000';
const HUNAN = '430000';
const row = (branch: string | null, from: string, until: string | null = null, version = 1): PortRow => ({
  msisdn: '13800001234',
  branch,
  from,
  until,
  version,
});

test.each([
  ['the first word', [], [row(null, '2026-06-01')], [row(null, '2026-06-01')], [], 0],
  ['the same again', [row(HUBEI, '2026-06-01')], [row(HUBEI, '2026-06-01', null, 2)], [], [], 0],
  ['the same, later', [row(HUBEI, '2026-06-01')], [row(HUBEI, '2026-08-01', null, 2)], [], [], 0],
  [
    'moved on',
    [row(HUBEI, '2026-06-01')],
    [row(HUNAN, '2026-08-01', null, 2)],
    [row(HUNAN, '2026-08-01', null, 2)],
    [row(HUBEI, '2026-06-01', '2026-08-01')],
    0,
  ],
  [
    'corrected on its own day: the former row never was in force',
    [row(HUBEI, '2026-06-01')],
    [row(null, '2026-06-01', null, 2)],
    [row(null, '2026-06-01', null, 2)],
    [row(HUBEI, '2026-06-01', '2026-06-01')],
    0,
  ],
  ['older than what is known', [row(HUBEI, '2026-06-01')], [row(HUNAN, '2026-05-01', null, 2)], [], [], 1],
  [
    'its end became known',
    [row(null, '2026-06-01')],
    [row(null, '2026-06-01', '2026-09-01', 2)],
    [],
    [row(null, '2026-06-01', '2026-09-01')],
    0,
  ],
  [
    'its whole story in one file',
    [],
    [row(HUNAN, '2026-08-01'), row(null, '2026-06-01', '2026-08-01')],
    [row(null, '2026-06-01', '2026-08-01'), row(HUNAN, '2026-08-01')],
    [],
    0,
  ],
  [
    'after it had ended',
    [row(null, '2026-01-01', '2026-03-01')],
    [row(HUBEI, '2026-06-01', null, 2)],
    [row(HUBEI, '2026-06-01', null, 2)],
    [],
    0,
  ],
] as const)('%s', (_name, known, incoming, opened, ended, skipped) =>
  expect(placePorts(known, incoming)).toEqual({ opened, ended, skipped }),
);
