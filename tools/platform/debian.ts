import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { PlainError, type Step } from './progress';

/**
 * Signed Debian packages unpacked into a folder of ours, without root: apt keeps its lists and cache in a private place,
 * checks the signatures as ever, and `dpkg-deb -x` only unpacks. Nothing is installed or started on the host.
 */
export interface Unpack {
  /** What is wanted; whatever of its dependencies the host lacks comes along. */
  wanted: readonly string[];
  /** Named always, because the host may hold a package whose program is not where we look. */
  libraries: readonly string[];
  into: string;
}

/** Refuses at once where it cannot work, with what to do instead. */
export function canUnpack(): boolean {
  const path = (process.env['PATH'] ?? '').split(delimiter);
  return ['apt-get', 'dpkg-deb'].every((tool) => path.some((folder) => existsSync(join(folder, tool))));
}

export async function unpackDebian(order: Unpack, step: Step, signal?: AbortSignal): Promise<void> {
  const stamp = join(order.into, '.unpacked');
  const meaning = JSON.stringify([order.wanted, order.libraries]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === meaning) return;
  rmSync(order.into, { recursive: true, force: true });
  const apt = privateApt(join(order.into, '.apt'), signal);
  step.note('reading Debian package lists');
  await run('apt-get', [...apt.options, 'update'], apt.folder, apt.signal).catch((error: unknown) => {
    // A foreign repository that does not answer must not matter; whether the packages are there is seen next.
    if (error instanceof PlainError) throw error;
  });
  const names = await namesOf(order, apt);
  await download(names, apt, step);
  await unpack(apt, order.into, step);
  rmSync(apt.folder, { recursive: true, force: true });
  writeFileSync(stamp, meaning);
}

interface Apt {
  folder: string;
  debs: string;
  options: string[];
  signal?: AbortSignal;
}

function privateApt(folder: string, signal?: AbortSignal): Apt {
  const debs = join(folder, 'debs');
  for (const part of ['state/lists/partial', 'cache/archives/partial', 'debs'])
    mkdirSync(join(folder, part), { recursive: true });
  const settings = [
    `Dir::State=${folder}/state`,
    `Dir::State::lists=${folder}/state/lists`,
    'Dir::State::status=/var/lib/dpkg/status',
    `Dir::Cache=${folder}/cache`,
    'Debug::NoLocking=true',
    'APT::Sandbox::User=', // the _apt user may not be allowed into our folder
    'Acquire::Languages=none',
    'Acquire::Retries=3',
    'APT::Update::Post-Invoke::=',
  ];
  return { folder, debs, signal, options: settings.flatMap((setting) => ['-o', setting]) };
}

/** One unknown name makes `apt-get download` fetch nothing, so each name is looked up first. */
async function namesOf(order: Unpack, apt: Apt): Promise<string[]> {
  const simulated = await run(
    'apt-get',
    [...apt.options, '-s', '--no-install-recommends', 'install', ...order.wanted],
    apt.folder,
    apt.signal,
  ).catch(() => '');
  const lacking = [...simulated.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name ?? '');
  const asked = [...new Set([...order.wanted, ...lacking, ...order.libraries])];
  const policy = await run('apt-cache', [...apt.options, 'policy', ...asked], apt.folder, apt.signal);
  const known = new Set([...policy.matchAll(/^(\S+):\n.*\n +Candidate: (?!\(none\))/gm)].map(([, name]) => name ?? ''));
  const absent = order.wanted.filter((name) => !known.has(name));
  if (absent.length > 0) throw new PlainError(`apt knows no package ${absent.join(', ')} (is its mirror reachable?).`);
  return asked.filter((name) => known.has(name));
}

async function download(names: string[], apt: Apt, step: Step): Promise<void> {
  const timer = setInterval(() => {
    const done = readdirSync(apt.debs).filter((name) => name.endsWith('.deb')).length;
    step.progress(done, names.length, 'Debian packages');
  }, 300);
  try {
    await run('apt-get', [...apt.options, 'download', ...names], apt.debs, apt.signal);
  } finally {
    clearInterval(timer);
  }
}

async function unpack({ debs, signal }: Apt, into: string, step: Step): Promise<void> {
  const files = readdirSync(debs).filter((name) => name.endsWith('.deb'));
  for (const [index, file] of files.entries()) {
    step.progress(index + 1, files.length, 'unpacked');
    await run('dpkg-deb', ['-x', join(debs, file), into], debs, signal);
  }
}

function run(program: string, args: string[], cwd: string, signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
    const child = spawn(program, args, { cwd, env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let trouble = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (trouble = (trouble + chunk.toString()).slice(-2000)));
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve(out);
      else if (/No space left/i.test(trouble))
        reject(new PlainError('The disk is full: unpacking MariaDB, Redis and Chromium needs about 600 MB.'));
      else reject(new Error(`${program} ${args.at(-1) ?? ''}: ${trouble.trim().split('\n').at(-1) ?? `exit ${code}`}`));
    });
  });
}
