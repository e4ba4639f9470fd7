import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProfile } from './read-profile';

test('a profile tells self time by function and by place, without the idle time', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yd-profile-'));
  const frame = (id: number, functionName: string, url: string) => ({
    id,
    callFrame: { functionName, url, lineNumber: 9 },
  });
  const nodes = [
    frame(1, '(idle)', ''),
    frame(2, 'sign', 'file:///r/dist/libs/security/keys.js'),
    frame(3, 'query', '/r/node_modules/mysql2/lib/connection.js'),
    frame(4, '', 'file:///r/dist/libs/security/vault.js'),
    frame(5, '(garbage collector)', ''),
  ];
  const path = join(folder, 'one.cpuprofile');
  writeFileSync(path, JSON.stringify({ nodes, samples: [2, 1, 3, 2, 4, 5], timeDeltas: [100, 5_000, 40, 100, 10, 5] }));
  const { busyMicros, functions, places } = readProfile(path, '/r');
  rmSync(folder, { recursive: true });
  expect(busyMicros).toBe(255);
  expect(functions[0]).toEqual({ what: 'sign  libs/security/keys.js:10', micros: 200 });
  expect(places).toEqual([
    { what: 'libs/security', micros: 210 },
    { what: 'mysql2', micros: 40 },
    { what: '(garbage collector)', micros: 5 },
  ]);
});
