import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandOf } from './processes';
import { Supervised } from './supervised';

function program(source: string): { supervised: Supervised; told: string[]; log: string } {
  const folder = mkdtempSync(join(tmpdir(), 'yd-sup-'));
  const script = join(folder, 'program.js');
  const log = join(folder, 'program.log');
  writeFileSync(script, source);
  const told: string[] = [];
  const on = { tell: (text: string) => void told.push(text), changed: () => undefined };
  return { supervised: new Supervised({ name: 'thing', script, env: {}, log }, on), told, log };
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !holds(); tries += 1) await sleep(25);
  expect(holds()).toBe(true);
}

it('starts a program again that died, says so, and stops it with SIGTERM', async () => {
  const { supervised, told, log } = program(
    `console.log('up'); process.on('SIGTERM', () => { console.log('drained'); process.exit(0); }); setInterval(() => {}, 1000);`,
  );
  supervised.start();
  await until(() => readFileSync(log, 'utf8').includes('up'));
  const first = supervised.pid ?? 0;
  process.kill(first, 'SIGKILL');
  await until(() => supervised.pid !== undefined && supervised.pid !== first);
  expect(told).toEqual(['thing ended by itself (SIGKILL); starting it again in 0.5 s']);
  await until(() => readFileSync(log, 'utf8').split('up').length === 3);
  const second = supervised.pid ?? 0;
  await supervised.stop();
  expect(readFileSync(log, 'utf8')).toContain('drained');
  expect(commandOf(second)).toBeUndefined();
  expect(told).toHaveLength(1);
});

it('stays down after a kill that was asked for, and kills what will not stop', async () => {
  const { supervised, told, log } = program(
    `console.log('up'); process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`,
  );
  supervised.start();
  await until(() => readFileSync(log, 'utf8').includes('up'));
  await supervised.stop(200);
  expect(supervised.alive).toBe(false);
  supervised.start();
  await until(() => supervised.alive);
  await supervised.kill();
  await sleep(700);
  expect(supervised.alive).toBe(false);
  expect(told).toEqual([]);
});

it('keeps the last words of this start', async () => {
  const { supervised, log } = program(`console.error('Configuration is not usable'); process.exit(1);`);
  writeFileSync(log, 'words of an earlier start\n');
  supervised.start();
  await until(() => supervised.lastWords().includes('not usable'));
  expect(supervised.lastWords()).toBe('Configuration is not usable');
  await supervised.stop();
});

it("picks the errors out of a service's log", async () => {
  const lines = [
    { level: 30, msg: 'dependencies initialized' },
    { level: 60, err: { message: "Nest can't resolve\nPotential solutions" }, msg: 'could not start' },
  ];
  const { supervised } = program(
    `console.log(${JSON.stringify(lines.map((line) => JSON.stringify(line)).join('\n'))});`,
  );
  supervised.start();
  await until(() => supervised.lastWords() === "Nest can't resolve");
  await supervised.stop();
});
