import type { ChangeAnswer, SubscriberEvent } from '@yidian/contracts';
import { billingFixture, HUBEI, HUNAN, type BillingFixture } from '../testing/billing-fixture';

type Told = Parameters<typeof change>[1];
let billing: BillingFixture;
let serial = 0;
let numbers = 0;
const START = Date.now() - 3_600_000;

/** A number of its own for each test; `clock(n)` is n seconds after a start an hour ago. */
const newNumber = (): string => `139000${String(++numbers).padStart(5, '0')}`;
const clock = (seconds: number): string => new Date(START + seconds * 1_000).toISOString();

function change(
  msisdn: string,
  told: { kind: string; at?: string; key?: string; source?: string } & Record<string, unknown>,
): Promise<ChangeAnswer> {
  const { at = new Date().toISOString(), key = `k${++serial}`, source = `bss:${HUBEI}`, ...rest } = told;
  return billing.client.call('subscribers.change', { msisdn, at, key, source, ...rest } as never);
}

const found = async (msisdn: string) => (await billing.client.call('numbers.lookup', { items: [{ msisdn }] })).items[0];
const ownerAt = async (msisdn: string, at: string) =>
  (await billing.client.call('numbers.owner_at', { items: [{ msisdn, at }] })).items[0];
const events = async (after = '0'): Promise<SubscriberEvent[]> =>
  (await billing.client.call('subscriber_events.pull', { after, limit: 500 })).events;
const account = async (id: string): Promise<bigint> =>
  (
    await billing.database.db.select<{ total: bigint | null }>(
      `SELECT CAST(COALESCE(SUM(balance), 0) AS SIGNED) AS total FROM (SELECT id, balance FROM account
       UNION ALL SELECT account_id, balance FROM account_part) every WHERE id = ?`,
      [id],
    )
  )[0]?.total ?? 0n;

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 5_000; !(await holds());) {
    if (Date.now() > deadline) throw new Error('it did not happen');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Registered an hour ago, so that what is told happened in its time. */
async function register(over: Partial<Parameters<BillingFixture['register']>[0]> = {}): Promise<[string, string]> {
  const msisdn = newNumber();
  const id = await billing.register({ msisdn, ...over });
  const before = new Date(START - 1_000);
  await billing.database.db.run('UPDATE number_owner SET valid_from = ? WHERE msisdn = ?', [before, msisdn]);
  return [msisdn, id];
}

beforeAll(async () => (billing = await billingFixture()));
afterAll(() => billing.close());

describe('changes of a number', () => {
  test('told once, however often it is told; the same key for something else is a conflict', async () => {
    const [msisdn] = await register();
    const told: Told = { kind: 'suspended', at: clock(1), key: 'once', suspendReason: 'arrears' };
    const first = await change(msisdn, told);
    expect(first).toMatchObject({ outcome: 'changed' });
    expect(await change(msisdn, told)).toEqual({ outcome: 'replay', first: 'changed', eventId: first.eventId });
    expect(await change(msisdn, { ...told, suspendReason: 'loss' })).toEqual({
      outcome: 'conflict',
      reason: 'key_reused',
    });
    expect(await change(msisdn, { ...told, source: 'operator:ops' })).toMatchObject({ outcome: 'changed' });
    expect((await events()).filter((event) => event.msisdn === msisdn)).toHaveLength(2);
  });

  test('order is by when it happened: what comes late is recorded and not applied', async () => {
    const [msisdn] = await register();
    await change(msisdn, { kind: 'resumed', at: clock(20) });
    expect(await change(msisdn, { kind: 'suspended', at: clock(10), key: 'late' })).toEqual({ outcome: 'stale' });
    expect(await change(msisdn, { kind: 'suspended', at: clock(10), key: 'late' })).toEqual({
      outcome: 'replay',
      first: 'stale',
    });
    expect((await found(msisdn))?.found?.status).toBe('active');
    const rows = await billing.database.db.select(
      "SELECT outcome, event_id FROM number_change WHERE change_key = 'late' AND msisdn = ?",
      [msisdn],
    );
    expect(rows).toEqual([{ outcome: 'stale', event_id: null }]);
    expect(await change(msisdn, { kind: 'suspended', at: clock(-10) })).toEqual({ outcome: 'stale' });
  });

  test('a notice is never late because of a move, and moves nothing', async () => {
    const [msisdn] = await register();
    await change(msisdn, { kind: 'resumed', at: clock(20) });
    expect(await change(msisdn, { kind: 'sim_changed', at: clock(10) })).toMatchObject({ outcome: 'changed' });
    expect(await change(msisdn, { kind: 'low_balance', at: clock(5), balance: '320' })).toMatchObject({
      outcome: 'changed',
    });
    const [, sim, low] = (await events()).filter((event) => event.msisdn === msisdn);
    expect(sim).toMatchObject({ kind: 'sim_changed', status: 'active', at: clock(10) });
    expect(low).toMatchObject({ kind: 'low_balance', balance: '320' });
  });

  test('a move that the state does not allow, a time to come, a number nobody knows', async () => {
    const [msisdn] = await register();
    await change(msisdn, { kind: 'closed', at: clock(1) });
    expect(await change(msisdn, { kind: 'suspended', at: clock(2) })).toEqual({
      outcome: 'conflict',
      reason: 'not_allowed',
    });
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    expect(await change(msisdn, { kind: 'resumed', at: tomorrow })).toEqual({ outcome: 'conflict', reason: 'not_yet' });
    expect(await change('13911111111', { kind: 'closed' })).toEqual({ outcome: 'unknown_number' });
    expect(await change('13911111111', { kind: 'closed', source: 'operator:ops' })).toEqual({
      outcome: 'unknown_number',
    });
  });

  test('a province speaks of a number that routes to it and that nobody registered: it becomes known', async () => {
    await register();
    const msisdn = newNumber(); // the segment is Hubei's by now
    expect(await change(msisdn, { kind: 'sim_changed' })).toMatchObject({ outcome: 'changed' });
    expect((await found(msisdn))?.found).toMatchObject({ owner: '*', branch: { code: HUBEI } });
    expect(await change(newNumber(), { kind: 'sim_changed', source: `bss:${HUNAN}` })).toEqual({
      outcome: 'unknown_number',
    });
    const [id, version] = [(await found(msisdn))?.found?.subscriberId, (await found(msisdn))?.found?.ownerVersion];
    await billing.register({ msisdn, name: '王秀兰' }); // its name is told: no other owner
    expect((await found(msisdn))?.found).toMatchObject({ subscriberId: id, ownerVersion: version, owner: '王*兰' });
  });

  test('an owner who hands the number over: same account, next version; each had it in their time', async () => {
    const [msisdn, id] = await register({ balance: '3000' });
    await change(msisdn, { kind: 'owner_changed', at: clock(10), name: '李明' });
    expect((await found(msisdn))?.found).toMatchObject({
      subscriberId: id,
      ownerVersion: 2,
      owner: '李*',
      balance: '3000',
    });
    expect(await ownerAt(msisdn, clock(9))).toMatchObject({
      owner: { subscriberId: id, ownerVersion: 1, until: clock(10) },
    });
    expect(await ownerAt(msisdn, clock(10))).toMatchObject({ owner: { ownerVersion: 2, until: null } });
    expect((await ownerAt(msisdn, clock(-7_200)))?.owner).toBeUndefined();
    const [rejected] = await billing.post(billing.topup({ subscriberId: id, ownerVersion: 1 }));
    expect(rejected).toMatchObject({ outcome: 'rejected', reason: 'number_owner_changed' });
  });

  test('the state at an instant', async () => {
    const [msisdn] = await register();
    await change(msisdn, { kind: 'suspended', at: clock(10), suspendReason: 'arrears' });
    await change(msisdn, { kind: 'resumed', at: clock(20) });
    await change(msisdn, { kind: 'pre_closed', at: clock(30) });
    const states = await Promise.all([5, 10, 19, 20, 31].map(async (n) => (await ownerAt(msisdn, clock(n)))?.owner));
    expect(states.map((owner) => [owner?.status, owner?.suspendReason])).toEqual([
      ['active', null],
      ['suspended', 'arrears'],
      ['suspended', 'arrears'],
      ['active', null],
      ['pre_closed', null],
    ]);
  });

  test('a recycled number is somebody else’s: new account, the former one refuses and is emptied', async () => {
    const [msisdn, former] = await register({ balance: '3000' });
    await change(msisdn, { kind: 'recycled', at: clock(10), name: '李明' });
    const now = (await found(msisdn))?.found;
    expect(now).toMatchObject({ owner: '李*', ownerVersion: 1, balance: '0', status: 'active' });
    expect(now?.subscriberId).not.toBe(former);
    expect(await ownerAt(msisdn, clock(9))).toMatchObject({ owner: { subscriberId: former, status: 'active' } });
    const [late] = await billing.post(billing.topup({ subscriberId: former }));
    expect(late).toMatchObject({ outcome: 'rejected', reason: 'number_owner_changed' });
    await until(async () => (await account(`subscriber/${former}/cash`)) === 0n);
    expect((await events()).at(-1)).toMatchObject({ kind: 'recycled', formerSubscriberId: former });
  });

  test('taken to another carrier, and back', async () => {
    const [msisdn, id] = await register();
    await change(msisdn, { kind: 'ported_out', at: clock(10) });
    expect(await found(msisdn)).toEqual({ msisdn, portedOut: true });
    const [refused] = await billing.post(billing.topup({ subscriberId: id }));
    expect(refused).toMatchObject({ outcome: 'rejected', reason: 'number_ported_out' });
    expect(await change(msisdn, { kind: 'resumed', at: clock(11) })).toMatchObject({ outcome: 'conflict' });
    await change(msisdn, { kind: 'ported_in', at: clock(20), source: `bss:${HUNAN}`, name: '王秀兰' });
    const back = (await found(msisdn))?.found;
    expect(back).toMatchObject({ branch: { code: HUNAN }, ownerVersion: 1 });
    expect(back?.subscriberId).not.toBe(id);
    expect(await change(msisdn, { kind: 'ported_in', at: clock(21), branch: HUNAN })).toMatchObject({
      outcome: 'conflict',
    });
  });

  test('suspended for arrears is paid for, for loss it is not; being closed, only what is owed', async () => {
    const [msisdn, subscriberId] = await register({ plan: 'postpaid', balance: '-3210' });
    const pay = async (face: string) => (await billing.post(billing.topup({ subscriberId, face, charged: face })))[0];
    await change(msisdn, { kind: 'suspended', at: clock(1), suspendReason: 'loss' });
    expect(await pay('1000')).toMatchObject({ reason: 'number_suspended' });
    await change(msisdn, { kind: 'suspended', at: clock(2), suspendReason: 'arrears' });
    expect(await pay('1000')).toMatchObject({ outcome: 'credited', balanceAfter: '-2210' });
    await change(msisdn, { kind: 'pre_closed', at: clock(3) });
    expect((await found(msisdn))?.found?.accepts).toEqual({ min: '1000', max: '2210', step: '1' });
    expect(await pay('2211')).toMatchObject({ reason: 'amount_above_maximum' });
    expect(await pay('2210')).toMatchObject({ outcome: 'credited', balanceAfter: '0' });
    expect(await pay('1000')).toMatchObject({ reason: 'number_closed' });
  });

  test('a registration that differs is told like any change', async () => {
    const [msisdn, id] = await register();
    const before = (await events()).at(-1)?.id ?? '0';
    await billing.register({ msisdn, status: 'closed' });
    await billing.register({ msisdn, name: '李明' });
    await billing.register({ msisdn, name: '李明', branch: HUNAN });
    const told = await events(before);
    expect(told.map(({ kind, branch, source }) => [kind, branch, source])).toEqual([
      ['closed', HUBEI, 'import'],
      ['recycled', HUBEI, 'import'],
      ['ported_in', HUNAN, 'import'],
    ]);
    expect(told[1]?.formerSubscriberId).toBe(id);
  });
});

describe('events', () => {
  test('are numbered without gaps in the order of their commits: a reader that keeps a cursor misses none', async () => {
    const registered: string[][] = [];
    for (let n = 0; n < 8; n++) registered.push(await register());
    const other = await billing.sibling();
    const seen: bigint[] = [];
    let writing = true;
    const reader = (async () => {
      let after = (await events()).at(-1)?.id ?? '0';
      for (let last = false; !last;) {
        last = !writing;
        for (const { id } of await events(after)) seen.push(BigInt((after = id)));
      }
    })();
    await Promise.all(
      registered.flatMap(([msisdn = '']) =>
        Array.from({ length: 6 }, (_, n) => {
          const told = {
            msisdn,
            at: clock(n),
            key: `burst-${msisdn}-${n}`,
            source: 'import',
            kind: 'low_balance' as const,
          };
          return (n % 2 === 0 ? billing.client : other).call('subscribers.change', told);
        }),
      ),
    );
    writing = false;
    await reader;
    expect(seen).toHaveLength(48);
    seen.forEach((id, n) => expect(id).toBe((seen[0] ?? 0n) + BigInt(n)));
  });

  test('64 tell the same at once: one event, 64 answers that name it', async () => {
    const [msisdn] = await register();
    const other = await billing.sibling();
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, n) =>
        (n % 2 === 0 ? billing.client : other).call('subscribers.change', {
          msisdn,
          kind: 'closed',
          at: clock(1),
          key: 'herd',
          source: `bss:${HUBEI}`,
        }),
      ),
    );
    expect(answers.filter(({ outcome }) => outcome === 'changed')).toHaveLength(1);
    expect(answers.every(({ outcome }) => outcome === 'changed' || outcome === 'replay')).toBe(true);
    expect(new Set(answers.map(({ eventId }) => eventId)).size).toBe(1);
    expect((await events()).filter((event) => event.msisdn === msisdn)).toHaveLength(1);
  });
});
