import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { TopupCall, TopupReply } from '../topup-call';
import { Account, branchAccount, Posting, Subscriber, subscriberAccount, Transfer } from './billing.entities';

/**
 * One transaction per top-up: key look-up, number, limit, posting, transfer, two balances. The branch's balance is shared by
 * many and therefore comes last, so that its row is held as shortly as one transaction allows.
 */
export interface TopupsStore {
  post(call: TopupCall): Promise<TopupReply>;
}

const rejected = (reason: string): TopupReply => ({ outcome: 'rejected', reason });

export class RawTopupsStore implements TopupsStore {
  constructor(private readonly dataSource: DataSource) {}

  async post(call: TopupCall): Promise<TopupReply> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      const reply = await this.inTransaction(runner, call);
      await runner.commitTransaction();
      return reply;
    } catch (error) {
      await runner.rollbackTransaction();
      throw error;
    } finally {
      await runner.release();
    }
  }

  private async inTransaction(runner: QueryRunner, { paymentNumber, msisdn, amount }: TopupCall): Promise<TopupReply> {
    const [stored] = await this.select<Posting>(
      runner,
      'SELECT outcome, reason, balanceAfter FROM posting WHERE k = ?',
      [paymentNumber],
    );
    if (stored) return { outcome: 'credited', balanceAfter: String(stored.balanceAfter) };
    const [subscriber] = await this.select<Subscriber>(
      runner,
      'SELECT id, branch, status FROM subscriber WHERE msisdn = ?',
      [msisdn],
    );
    if (subscriber?.status !== 'active') return rejected('number_unknown');
    const id = subscriberAccount(subscriber.id);
    const [account] = await this.select<Account>(
      runner,
      'SELECT balance, ceiling FROM account WHERE id = ? FOR UPDATE',
      [id],
    );
    if (!account) return rejected('number_unknown');
    const balanceAfter = account.balance + BigInt(amount);
    if (balanceAfter > account.ceiling) return rejected('above_ceiling');
    const branch = branchAccount(subscriber.branch);
    const at = new Date();
    await runner.query('INSERT INTO posting (k, outcome, reason, balanceAfter, at) VALUES (?, ?, ?, ?, ?)', [
      paymentNumber,
      'posted',
      '',
      balanceAfter,
      at,
    ]);
    await runner.query('INSERT INTO transfer (k, n, debit, credit, amount, kind, at) VALUES (?, ?, ?, ?, ?, ?, ?)', [
      paymentNumber,
      0,
      branch,
      id,
      amount,
      'topup',
      at,
    ]);
    await runner.query('UPDATE account SET balance = balance + ? WHERE id = ?', [amount, id]);
    await runner.query('UPDATE account SET balance = balance - ? WHERE id = ?', [amount, branch]);
    return { outcome: 'credited', branch: subscriber.branch, balanceAfter: String(balanceAfter) };
  }

  private async select<T>(runner: QueryRunner, sql: string, values: unknown[]): Promise<T[]> {
    return (await runner.query(sql, values)) as T[];
  }
}

export class SaveTopupsStore implements TopupsStore {
  constructor(private readonly dataSource: DataSource) {}

  post(call: TopupCall): Promise<TopupReply> {
    return this.dataSource.transaction((manager) => this.inTransaction(manager, call));
  }

  private async inTransaction(
    manager: EntityManager,
    { paymentNumber: k, msisdn, amount }: TopupCall,
  ): Promise<TopupReply> {
    const stored = await manager.findOneBy(Posting, { k });
    if (stored) return { outcome: 'credited', balanceAfter: String(stored.balanceAfter) };
    const subscriber = await manager.findOneBy(Subscriber, { msisdn });
    if (subscriber?.status !== 'active') return rejected('number_unknown');
    const account = await locked(manager, subscriberAccount(subscriber.id));
    account.balance += BigInt(amount);
    if (account.balance > account.ceiling) return rejected('above_ceiling');
    const at = new Date();
    const debit = branchAccount(subscriber.branch);
    await manager.getRepository(Posting).save({ k, outcome: 'posted', reason: '', balanceAfter: account.balance, at });
    await manager
      .getRepository(Transfer)
      .save({ k, n: 0, debit, credit: account.id, amount: BigInt(amount), kind: 'topup', at });
    await manager.getRepository(Account).save(account);
    const branch = await locked(manager, debit);
    branch.balance -= BigInt(amount);
    await manager.getRepository(Account).save(branch);
    return { outcome: 'credited', branch: subscriber.branch, balanceAfter: String(account.balance) };
  }
}

const locked = (manager: EntityManager, id: string): Promise<Account> =>
  manager.findOneOrFail(Account, { where: { id }, lock: { mode: 'pessimistic_write' } });
