import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { RpcClient } from '@yidian/messaging';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import { schema } from '../../schema';
import { HUNAN, OPEN_DATE } from '../../testing/billing-fixture';
import { OUR_PRIVATE_KEY, PlayedProvince, THEIR_PUBLIC_KEY } from './played-province';
import { until } from './until';

const ROOT = join(__dirname, '../../../../..');

/** Billing as a process of its own, which can be killed, beside a played Hunan that outlives it. */
export class BillingProcess {
  private child: ChildProcess | undefined;
  client: RpcClient<'billing'>;

  private constructor(
    readonly province: PlayedProvince,
    readonly database: TestDatabase,
    private readonly dir: string,
    private readonly ports: { rpc: number; http: number },
  ) {
    this.client = new RpcClient('billing', '127.0.0.1', ports.rpc);
  }

  static async make(over: object): Promise<BillingProcess> {
    const folder = join(ROOT, '.data', 'test');
    mkdirSync(folder, { recursive: true });
    const dir = mkdtempSync(join(folder, 'bss-'));
    const swc = join(ROOT, 'node_modules/.bin/swc');
    execFileSync(swc, ['apps/billing/src', 'libs', '-d', join(dir, 'dist'), '--quiet'], { cwd: ROOT });
    const province = await PlayedProvince.start();
    const branch = { branch: HUNAN, adapter: 'remote', baseUrl: province.baseUrl, theirKeys: [THEIR_PUBLIC_KEY] };
    const settings = { idempotent: true, deadlineMs: 1_000, maxDelayMs: 60_000, breakForMs: 200 };
    writeFileSync(join(dir, 'profile.json'), JSON.stringify({ branches: [{ ...branch, ...settings, ...over }] }));
    writeFileSync(join(dir, 'key.json'), JSON.stringify(OUR_PRIVATE_KEY));
    const [rpc, http] = [await freePort(), await freePort()];
    return new BillingProcess(province, await testDatabase(schema), dir, { rpc, http });
  }

  async start(): Promise<void> {
    this.child = spawn(process.execPath, [join(this.dir, 'dist/apps/billing/src/main.js')], {
      cwd: this.dir,
      stdio: 'ignore',
      env: {
        NODE_PATH: join(ROOT, 'node_modules'),
        ...{ MODE: 'live', LOG_LEVEL: 'silent', DATABASE_URL: this.database.url, FIRST_BUSINESS_DATE: OPEN_DATE },
        ...{ RPC_PORT: String(this.ports.rpc), HTTP_PORT: String(this.ports.http), DATA_DIR: this.dir },
        ...{ BSS_PROFILE: join(this.dir, 'profile.json'), BSS_KEY_FILE: join(this.dir, 'key.json') },
      },
    });
    const ready = () =>
      fetch(`http://127.0.0.1:${this.ports.http}/health/ready`).then(
        (a) => a.ok,
        () => false,
      );
    await until(ready, 20_000);
    this.client.close();
    this.client = new RpcClient('billing', '127.0.0.1', this.ports.rpc);
  }

  /** SIGKILL: nothing is said or finished. */
  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** Everything that waits for a date is due now, and every documented delay is over. */
  async hurryAll(): Promise<void> {
    await this.database.db.run(
      `UPDATE bss_order SET due_at = NOW(3) - INTERVAL 1 SECOND, sent_at = sent_at - INTERVAL 1 HOUR
       WHERE due_at IS NOT NULL AND state IN ('requested', 'unknown')`,
    );
    await this.database.db.run(
      `UPDATE bss_order SET due_at = NOW(3) - INTERVAL 1 SECOND
       WHERE due_at IS NOT NULL AND state NOT IN ('requested', 'unknown') AND updated_at < NOW(3) - INTERVAL 2 SECOND`,
    );
  }

  async close(): Promise<void> {
    this.client.close();
    await this.kill();
    await this.province.close();
    await this.database.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
