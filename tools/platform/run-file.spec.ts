import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandOf } from './processes';
import { clearStaleRun, writeRun } from './run-file';

const path = () => join(mkdtempSync(join(tmpdir(), 'yd-run-')), 'run.json');
const GONE = { name: 'start', pid: 2 ** 22 + 7, marker: 'tools/start/start.mjs' };
const living: ChildProcess[] = [];

async function child(marker: string): Promise<number> {
  const started = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', marker], { detached: true });
  living.push(started);
  await new Promise((resolve) => started.once('spawn', resolve));
  return started.pid ?? 0;
}

afterAll(() => living.forEach((each) => each.kill('SIGKILL')));

it('stops what a killed start left behind', async () => {
  const file = path();
  const pid = await child('left-behind');
  writeRun(file, { address: '', starter: GONE, children: [{ name: 'billing', pid, marker: 'left-behind' }] });
  expect(await clearStaleRun(file)).toEqual(['billing']);
  expect(commandOf(pid)).toBeUndefined();
  expect(existsSync(file)).toBe(false);
});

it('leaves a process alone whose number was given to somebody else', async () => {
  const file = path();
  const pid = await child('a stranger');
  writeRun(file, { address: '', starter: GONE, children: [{ name: 'billing', pid, marker: 'left-behind' }] });
  expect(await clearStaleRun(file)).toEqual([]);
  expect(commandOf(pid)).toContain('a stranger');
});

it('refuses while another start is alive, naming its address', async () => {
  const file = path();
  const pid = await child('tools/start/start.mjs');
  const starter = { name: 'start', pid, marker: 'tools/start/start.mjs' };
  writeRun(file, { address: 'http://127.0.0.1:4000', starter, children: [] });
  await expect(clearStaleRun(file)).rejects.toThrow('already running from this folder');
  await expect(clearStaleRun(file)).rejects.toThrow('http://127.0.0.1:4000');
});

it('trusts nothing in a file that was cut off', async () => {
  const file = path();
  writeFileSync(file, '{"address": "htt');
  expect(await clearStaleRun(file)).toEqual([]);
});

it.each([-1, 0, 1, 1.5])('never looks at process %p', (pid) => expect(commandOf(pid)).toBeUndefined());
