import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { UploadReply } from '@yidian/contracts';
import { CONFIG, type ReconciliationConfig } from '../reconciliation.config';
import { BANK, DATE, FakeWorld, type Line } from '../testing/fake-world';

const no = (n: number): string => `261122${String(n).padStart(14, '0')}`;
const CLERK = 'clerk.a';

describe('statements that people bring, over real sockets', () => {
  const world = new FakeWorld();
  const lines: Line[] = [1, 2, 3].map((n) => ({ ref: `${no(n)}01`, txn: `T${n}`, amount: 5000n }));

  beforeAll(async () => {
    await world.start();
    for (const n of [1, 2, 3]) {
      const attempt = { refNo: `${no(n)}01` };
      world.paymentBook.add('submitted', no(n), 5000n, attempt);
      world.paymentBook.add('paid', no(n), 5000n, { ...attempt, providerTxnId: `T${n}` });
      world.creditBook.add('credited', no(n), 5000n);
    }
  });
  afterAll(() => world.stop());

  /** The text of a statement that the provider itself does not give. */
  function text(of: readonly Line[]): Buffer {
    world.writeStatement(of);
    const bytes = Buffer.from(world.statement ?? '');
    world.statement = null;
    return bytes;
  }
  const part = (bytes: Buffer, more: { upload?: string; offset?: number; last?: boolean; sha256?: string } = {}) =>
    world.client.call('statements.upload', {
      ...{ provider: BANK, date: DATE, fileName: 'day.txt', actor: CLERK },
      content: { offset: 0, last: true, contentBase64: bytes.toString('base64'), ...more },
    });
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  const settled = () => world.until(DATE, (steps) => steps.length > 0 && steps.every((step) => step.state === 'done'));
  const current = async () => (await world.client.call('statements.list', { date: DATE })).versions[0];

  test('in parts, one of them twice; the night that waited goes on with it', async () => {
    await world.client.call('night.run', { date: DATE, actor: CLERK });
    await world.until(DATE, (steps) => steps.some((step) => step.name === 'fetch' && step.error !== null));
    const bytes = text(lines);
    const first = await part(bytes.subarray(0, 100), { last: false });
    if (first.outcome !== 'more') throw new Error(first.outcome);
    const { upload } = first;
    expect(first.received).toBe(100);
    expect(await part(bytes.subarray(150), { upload, offset: 150 })).toEqual({ outcome: 'refused', reason: 'gap' });
    expect(await part(bytes.subarray(0, 100), { upload, last: false })).toEqual(first);
    const stored = await part(bytes.subarray(50), { upload, offset: 50, sha256: sha256(bytes) });
    const { length } = bytes;
    expect(stored).toEqual({ outcome: 'stored', version: 1, sha256: sha256(bytes), bytes: length, replaces: null });
    await settled();
    expect(await current()).toMatchObject({
      ...{ version: 1, state: 'accepted', source: 'uploaded', actor: CLERK, format: 'YD1', lines: 3, late: true },
      named: { fee: { lines: 0, amount: '0' } },
    });
    const { DATA_DIR } = world.running.app.get<ReconciliationConfig>(CONFIG);
    expect(readdirSync(join(DATA_DIR, 'uploads'))).toEqual([]);
  });

  test('the same file again is had already, and nothing is run again', async () => {
    const { version } = (await part(text(lines))) as Extract<UploadReply, { outcome: 'already_have' }>;
    expect(version).toBe(1);
    const { providers } = await world.client.call('night.status', { date: DATE });
    expect(providers[0]?.state).toBe('settled');
    expect((await world.client.call('statements.list', { date: DATE })).versions).toHaveLength(1);
  });

  test('another file supersedes it: what changed is shown, and the night begins anew from the fetch', async () => {
    const before = (await world.client.call('runs.get', { provider: BANK, date: DATE })).run;
    const changed = lines.map((line) => (line.txn === 'T3' ? { ...line, fee: 80n } : line));
    expect(await part(text(changed))).toMatchObject({ outcome: 'stored', version: 2, replaces: 1 });
    await settled();
    const after = (await world.client.call('runs.get', { provider: BANK, date: DATE })).run;
    expect(after?.runId).not.toBe(before?.runId);
    // Whoever settles a run is given the lines of the file that it stands on, whatever came since.
    const standing = (runId?: string) =>
      world.client.call('statements.items', { provider: BANK, date: DATE, ...(runId ? { runId } : {}) });
    expect(await standing(before?.runId)).toMatchObject({ version: 1 });
    expect(await standing(after?.runId)).toMatchObject({ version: 2 });
    expect(await standing()).toMatchObject({ version: 2 });
    await expect(standing('0'.repeat(64))).rejects.toThrow('No such run of that day');
    expect((await current())?.difference).toEqual({
      ...{ against: 1, same: 2, complete: true },
      added: { lines: 0, amount: '0', fee: '0' },
      removed: { lines: 0, amount: '0', fee: '0' },
      changed: { lines: 1, amountBefore: '5000', amountAfter: '5000', feeBefore: '30', feeAfter: '80' },
    });
  });

  test('what is already in the archive is taken by its place and hash', async () => {
    const file = (await world.client.call('statements.list', { date: DATE })).versions.at(-1);
    const [row] = await world.database.db.select<{ archive_path: string }>(
      'SELECT archive_path FROM statement_file WHERE version = 1',
    );
    const archived = { path: row?.archive_path ?? '', sha256: file?.sha256 ?? '' };
    const of = { provider: BANK, date: '2026-11-30', fileName: 'day.txt', actor: CLERK };
    const call = (content: { archived: typeof archived }) => world.client.call('statements.upload', { ...of, content });
    expect(await call({ archived })).toMatchObject({ outcome: 'stored', version: 1 });
    expect(await call({ archived: { ...archived, path: `${archived.path}x` } })).toMatchObject({
      reason: 'not_in_archive',
    });
    const items = await world.client.call('statements.items', { provider: BANK, date: DATE });
    expect(items).toEqual({ version: 2, items: [], next: null });
  });

  test('who is not known, what never began, what arrived otherwise and a signed day are refused', async () => {
    const bytes = Buffer.from('x');
    expect(await part(bytes, { upload: '00000000-0000-4000-8000-000000000000' })).toMatchObject({
      reason: 'unknown_upload',
    });
    expect(await part(bytes, { sha256: sha256(Buffer.from('y')) })).toMatchObject({ reason: 'other_bytes' });
    const strange = { provider: 'bank_x', date: DATE, fileName: 'x', actor: CLERK };
    const content = { offset: 0, last: true, contentBase64: '' };
    expect(await world.client.call('statements.upload', { ...strange, content })).toMatchObject({
      reason: 'unknown_provider',
    });
    const path = { ...strange, provider: BANK, fileName: '../x' };
    await expect(world.client.call('statements.upload', { ...path, content })).rejects.toThrow(/fileName/);
    expect((await world.client.call('day.signOff', { date: DATE, actor: 'clerk.b' })).outcome).toBe('signed');
    expect(await part(bytes)).toEqual({ outcome: 'refused', reason: 'day_signed_off' });
  });

  test('who brought which file stands on the audit lane', async () => {
    const rows = await world.database.db.select("SELECT actor FROM audit WHERE action = 'statement_uploaded'");
    expect(rows.map((row) => row['actor'])).toEqual([CLERK, CLERK, CLERK]);
  });
});
