import { measure, type Measured } from './measure';
import { RawTopups, type RawStyle } from './raw-sql.store';
import { topups, type Run } from './workload';

export interface RawRun extends Run {
  url: string;
  serverPid: number;
  style: RawStyle;
  /** Connections, and as many callers: a queue before the pool would add waiting, not work. */
  pool: number;
  seconds: number;
}

export async function runRaw(run: RawRun): Promise<Measured> {
  const raw = await RawTopups.open(run.url, run.pool, run.run);
  const next = topups(run);
  try {
    return await measure({
      ...run,
      callers: run.pool,
      topup: () => {
        const { key, account } = next();
        return raw.topup(run.style, key, account);
      },
    });
  } finally {
    await raw.close();
  }
}
