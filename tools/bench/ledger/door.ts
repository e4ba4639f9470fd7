import type { Db } from '@yidian/database';
import { Ledger, type PostingAnswer } from '@yidian/ledger';
import { PlainError } from '../../platform/progress';
import { measure, type Measured } from './measure';
import { topup, topups, type Run } from './workload';

export interface DoorRun extends Run {
  url: string;
  db: Db;
  serverPid: number;
  lanes: number;
  callers: number;
  seconds: number;
}

/** The full write door in process: key look-up, limits, posting, transfer, balances, fact, batch hash, lane. */
export async function runDoor(run: DoorRun): Promise<Measured> {
  const { url, db, lanes } = run;
  const ledger = new Ledger({ url, service: 'bench', instance: 'bench', db, lanes });
  await ledger.open();
  const next = topups(run);
  try {
    return await measure({
      ...run,
      topup: async () => {
        const { key, account } = next();
        assertPosted(await ledger.post(topup(key, account)));
      },
    });
  } finally {
    await ledger.close();
  }
}

function assertPosted(answer: PostingAnswer): void {
  if (answer.outcome !== 'posted' || answer.replay || answer.conflict !== undefined)
    throw new PlainError(`A top-up was answered ${answer.outcome} in place of posted.`);
}
