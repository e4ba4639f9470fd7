import { AUDIT_SOURCE, Books, latestSeal, openAnchorKey, sealWhenDue } from '@yidian/journal';
import { Ledger } from '@yidian/ledger';
import { createLogger } from '@yidian/telemetry';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { billingConfig } from '../billing.config';
import { schema } from '../schema';
import { branchAccount, cashAccount, cashOpening } from './accounts';
import { KeepAnchorsJob } from './keep-anchors.job';

const DAY = '2026-11-22';

describe('the close of a day in billing', () => {
  let database: TestDatabase;
  let ledger: Ledger;
  let job: KeepAnchorsJob;
  let n = 0;

  beforeAll(async () => {
    database = await testDatabase(schema);
    const { db, url } = database;
    ledger = new Ledger({ url, service: 'billing', instance: 'test', db, sources: [AUDIT_SOURCE] });
    await ledger.open();
    const config = billingConfig.parse({
      ...{ MODE: 'test', DATABASE_URL: url, RPC_PORT: '0', HTTP_PORT: '0', FIRST_BUSINESS_DATE: DAY },
      ANCHOR_KEY_FILE: join(mkdtempSync(join(tmpdir(), 'yd-key-')), 'anchor-key.json'),
    });
    job = new KeepAnchorsJob(config, createLogger({ service: 'billing', level: 'silent' }), db, ledger);
    await new Books(db).ensureProvider('bank_a', DAY);
  });
  afterAll(async () => {
    job.beforeApplicationShutdown();
    await ledger.close();
    await database.close();
  });

  const credit = () =>
    ledger.post({
      ...{ key: `k${n}`, keyDay: DAY, actor: 'test', input: { n: String(n++) }, opens: [cashOpening('s')] },
      transfers: [
        { debit: branchAccount('420000', 'receivable'), credit: cashAccount('s'), amount: 100n, kind: 'topup' },
      ],
    });

  test('before any book was closed there is nothing to take', async () => {
    await credit();
    expect(await job.closeDay()).toEqual([]);
  });

  test('balances are taken and proved once a day, and the signed anchor covers them', async () => {
    await new Books(database.db).cut('bank_a', DAY);
    await credit();
    const key = await openAnchorKey(join(mkdtempSync(join(tmpdir(), 'yd-key-')), 'anchor-key.json'));
    const seal = await sealWhenDue(database.db, 'billing', key, () => job.closeDay());
    expect(seal?.notes).toEqual([expect.stringMatching(/^snapshot\|2026-11-22\|\d+\|2\|[0-9a-f]{64}$/)]);
    expect(await job.closeDay()).toEqual(seal?.notes);
    await credit();
    const { ok, checks } = await ledger.verify();
    expect(ok).toBe(true);
    expect(checks.at(-1)).toMatchObject({ name: 'snapshot', detail: expect.stringContaining(DAY) });
  });

  test('a process with a key keeps and signs by itself; one that ends takes nothing more', async () => {
    await job.onApplicationBootstrap();
    job.beforeApplicationShutdown();
    await new Books(database.db).cut('bank_a', '2026-11-23');
    await credit();
    await expect(job.closeDay()).rejects.toThrow('the process is ending');
    expect((await latestSeal(database.db))?.notes[0]).toContain(DAY);
  });
});
