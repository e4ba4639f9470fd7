import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Unexpected } from '../wire/web-client';
import type { DemoTools } from './demo-tools';
import type { Injected } from './inject';
import { MAKER, readDay } from './night';
import type { DayResult } from './progress';

const RULES_PATIENCE_MS = 180_000;
const OUTBOX_PATIENCE_MS = 60_000;

interface BreakSeen {
  class: string;
  provider: string;
  state: string;
  payment_no: string;
  auto: boolean;
  resolution: { by: string } | null;
}
interface Invariants {
  ok: boolean;
  checks: { name: string; ok: boolean; detail: string }[];
  branches?: { branch: string; ok: boolean }[];
}

/** Compares what the night found with what was put in, and asks whether the books balance. */
export async function checkDay(
  tools: DemoTools,
  date: string,
  payments: number,
  injected: Injected[],
  outDir: string,
): Promise<DayResult> {
  const breaks = await breaksWhenRulesHaveRun(tools, date);
  const { found, strange, missing, twice } = compare(breaks, injected);
  const day = await readDay(tools, date);
  const residuals = (day?.providers ?? [])
    .filter((p) => p.residual !== 0)
    .map((p) => `residual at ${p.provider}: ${p.residual} fen`);
  const books = await invariants(tools);
  const branches = books.branches ?? [];
  const problems = [...missing, ...strange, ...residuals, ...wrongInBooks(books)];
  return {
    date,
    payments,
    injected: injected.length,
    found,
    false: strange.length + twice,
    settledByRule: breaks.filter((b) => b.state === 'resolved' && isRule(b.resolution?.by)).length,
    waiting: breaks.filter((b) => b.state === 'open' || b.state === 'proposed').length,
    ledgerZero: books.checks.filter((check) => /zero/i.test(check.name)).every((check) => check.ok) && books.ok,
    residualZero: residuals.length === 0 && day !== undefined,
    branchesOk: branches.filter((b) => b.ok).length,
    branches: branches.length,
    files: await reportFiles(tools, date, outDir),
    problems,
    ok: problems.length === 0 && twice === 0 && books.ok && day !== undefined,
  };
}

/** `twice`: the same difference reported again; each of `strange` and `missing` is a sentence for people. */
function compare(breaks: readonly BreakSeen[], injected: readonly Injected[]) {
  const wanted = new Set(injected.map(nameOf));
  const names = breaks.map((b) => nameOf({ class: b.class, provider: b.provider, paymentNo: b.payment_no }));
  const found = new Set(names.filter((name) => wanted.has(name)));
  const strange = names.filter((name) => !wanted.has(name));
  const missing = [...wanted].filter((name) => !found.has(name));
  return {
    found: found.size,
    strange: strange.map((name) => `found but not injected: ${name}`),
    missing: missing.map((name) => `not found: ${name}`),
    twice: names.length - strange.length - found.size,
  };
}

function wrongInBooks(books: Invariants): string[] {
  const checks = books.checks.filter((check) => !check.ok).map((check) => `${check.name}: ${check.detail}`);
  const branches = (books.branches ?? []).filter((b) => !b.ok);
  return [...checks, ...branches.map((b) => `branch ${b.branch}: credits and dues differ`)];
}

function nameOf(difference: { class: string; provider: string; paymentNo: string }): string {
  return `${difference.class} ${difference.provider} ${difference.paymentNo}`;
}

function isRule(by: string | undefined): boolean {
  return by !== undefined && by.startsWith('rule');
}

/** Rules carry out what they may after the match; until then their breaks are neither settled nor waiting for people. */
async function breaksWhenRulesHaveRun(tools: DemoTools, date: string): Promise<BreakSeen[]> {
  const deadline = Date.now() + RULES_PATIENCE_MS;
  for (;;) {
    const breaks = await readBreaks(tools, date);
    const working = breaks.some((b) => b.state === 'resolving' || (b.auto && b.state === 'open'));
    if (!working || Date.now() > deadline) return breaks;
    await sleep(1_000);
  }
}

async function readBreaks(tools: DemoTools, date: string): Promise<BreakSeen[]> {
  const all: BreakSeen[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const path = `/v1/finance/breaks?date=${date}&state=any&limit=100${from}`;
    const answer = await tools.operators.call(MAKER, { path });
    if (answer.status !== 200) throw new Unexpected('breaks', answer);
    const page = answer.body as { data: BreakSeen[]; next_cursor: string | null };
    all.push(...page.data);
    cursor = page.next_cursor;
  }
  return all.filter((b) => b.class !== 'matched' && b.state !== 'suspense');
}

/** Settlement tells billing of its principal by an outbox: until that is empty the two ledgers rightly differ. */
async function invariants(tools: DemoTools): Promise<Invariants> {
  for (const deadline = Date.now() + OUTBOX_PATIENCE_MS; ;) {
    const answer = await tools.operators.call(MAKER, { path: '/v1/finance/invariants' });
    if (answer.status !== 200) throw new Unexpected('invariants', answer);
    const books = answer.body as Invariants;
    if (books.ok || Date.now() > deadline) return books;
    await sleep(2_000);
  }
}

/** Names of the day's report files; those that are not on disk yet are written from what the console would download. */
async function reportFiles(tools: DemoTools, date: string, outDir: string): Promise<string[]> {
  const answer = await tools.operators.call(MAKER, { path: `/v1/finance/report_files/${date}` });
  if (answer.status !== 200) throw new Unexpected('report files', answer);
  const names = (answer.body as { data: { name: string }[] }).data.map((file) => file.name);
  mkdirSync(join(outDir, date), { recursive: true });
  for (const name of names) {
    const place = join(outDir, date, name);
    if (existsSync(place)) continue;
    const file = await tools.operators.download(MAKER, `/v1/finance/report_files/${date}/${encodeURIComponent(name)}`);
    writeFileSync(place, file);
  }
  return names.map((name) => `${date}/${name}`);
}
