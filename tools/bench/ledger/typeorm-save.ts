import { hash } from 'node:crypto';
import { openDataSource } from '@yidian/database';
import type { DataSource, EntityManager } from 'typeorm';
import { measure, type Measured } from './measure';
import { AccountEntity, AccountPartEntity, ENTITIES, PostingEntity, TransferEntity } from './typeorm-save.entities';
import { AMOUNT, cash, DAY, promiseOf, receivable, topups, type Run } from './workload';

export interface SaveRun extends Run {
  url: string;
  serverPid: number;
  pool: number;
  seconds: number;
}

/**
 * The usual service: entities read, changed and saved in one TypeORM transaction per top-up, account locked for update.
 * Each caller has a balance row of its own for the branch, as the raw contestant has.
 */
export async function runSave(run: SaveRun): Promise<Measured> {
  const source = await openDataSource({ url: run.url, poolSize: run.pool, entities: ENTITIES });
  const next = topups(run);
  let serial = 0;
  try {
    return await measure({
      ...run,
      callers: run.pool,
      topup: (caller) => {
        const { key, account } = next();
        return save(source, { key, account, slot: SLOTS + caller, lane: -run.run, number: ++serial });
      },
    });
  } finally {
    await source.destroy();
  }
}

/** Beyond the slots of lanes and of the raw contestant. */
const SLOTS = 2_000;

interface Topup {
  key: string;
  account: number;
  slot: number;
  lane: number;
  number: number;
}

function save(source: DataSource, topup: Topup): Promise<void> {
  return source.transaction('READ COMMITTED', async (tx) => {
    const { key, account: n } = topup;
    if (await tx.findOneBy(PostingEntity, { keyDay: DAY, k: key })) throw new Error(`key ${key} is taken`);
    const account = await tx.findOneOrFail(AccountEntity, {
      where: { id: cash(n) },
      lock: { mode: 'pessimistic_write' },
    });
    const balance = BigInt(account.balance) + AMOUNT;
    if (balance > BigInt(account.ceiling)) throw new Error('past its limit');
    account.balance = String(balance);
    account.version = String(BigInt(account.version) + 1n);
    await tx.save(posting(tx, topup, balance));
    await tx.save(transfer(tx, topup));
    await tx.save(account);
    await moveBranch(tx, receivable(n), topup.slot);
  });
}

function posting(tx: EntityManager, { key, account, lane, number }: Topup, balance: bigint): PostingEntity {
  const input = JSON.stringify(promiseOf(account));
  return tx.create(PostingEntity, {
    keyDay: DAY,
    k: key,
    outcome: 'posted',
    reason: '',
    actor: 'gateway',
    inputHash: hash('sha256', input, 'buffer'),
    input,
    balances: JSON.stringify({ [cash(account)]: String(balance) }),
    laneId: lane,
    batchNo: String(number),
    n: 1,
    at: new Date(),
  });
}

function transfer(tx: EntityManager, { key, account, lane, number }: Topup): TransferEntity {
  return tx.create(TransferEntity, {
    laneId: lane,
    batchNo: String(number),
    n: 0,
    day: DAY,
    k: key,
    debit: receivable(account),
    credit: cash(account),
    amount: String(AMOUNT),
    currency: 'CNY',
    kind: 'topup',
    refersTo: '',
    forced: 0,
    at: new Date(),
  });
}

async function moveBranch(tx: EntityManager, accountId: string, slot: number): Promise<void> {
  const where = { accountId, currency: 'CNY', slot };
  const part =
    (await tx.findOne(AccountPartEntity, { where, lock: { mode: 'pessimistic_write' } })) ??
    tx.create(AccountPartEntity, { ...where, balance: '0' });
  part.balance = String(BigInt(part.balance) - AMOUNT);
  await tx.save(part);
}
