import { DirectoryArchive } from '@yidian/archive';
import { settlementFixture, type SettlementFixture } from '../../../apps/settlement/src/testing/settlement-fixture';
import { notConserved } from './conserved';
import { DAY, NAMES, TERMS, sealMatchedDay, type MatchedDay } from './matched-day';
import { settleDay, type Settled } from './settle-day';

const ROWS = 400;

describe('what bench:settle measures', () => {
  let fixture: SettlementFixture;
  let archive: DirectoryArchive;
  let day: MatchedDay;
  let measured: Settled;
  beforeAll(async () => {
    const { schedules, plans } = TERMS;
    fixture = await settlementFixture({ archive: true, schedules: [...schedules], plans: [...plans] });
    archive = new DirectoryArchive(fixture.archiveFolder);
    day = await sealMatchedDay(archive, ROWS, () => undefined);
    measured = await settleDay(fixture.archiveFolder, day.segments, 0);
  });
  afterAll(() => fixture.close());

  test('every fen is where it belongs', async () => expect(await notConserved(archive, day, measured)).toEqual([]));

  test('is what the night does: the same parts under the same hashes, the same legs', async () => {
    expect(measured.differing).toHaveLength(1);
    const segments = day.segments.map((segment) => ({ ...segment, n: ROWS }));
    fixture.world.sealed.add('run-1', { count: ROWS, names: NAMES, segments }, measured.differing);
    const reply = await fixture.settle('run-1', [], DAY);
    expect(reply.principal).toBe(String(day.amount));
    const parts = await fixture.database.db.select('SELECT n, path, sha256 FROM settled_segment ORDER BY part');
    expect(parts).toEqual(measured.day.parts.map(({ n, path, sha256 }) => ({ n, path, sha256 })));
    const legs = await fixture.database.db.select(
      `SELECT debit, credit, amount, kind, refers_to AS refersTo, channel, items FROM batch_leg
       WHERE batch_id = ? ORDER BY posting_no, leg_no`,
      [reply.batchId],
    );
    expect(legs).toEqual(measured.legs.map(({ provider: _, ...leg }) => leg));
    const [sealed] = await fixture.database.db.select('SELECT CAST(SUM(n) AS SIGNED) AS n FROM settled_sum');
    expect(sealed).toEqual({ n: BigInt(ROWS - 1) });
    expect((await fixture.client.call('ledger.verify', { since: 'start', waitMs: 5_000 })).ok).toBe(true);
  });
});
