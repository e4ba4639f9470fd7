import type { SettleReply } from '@yidian/contracts';
import type { Office } from './office';

export interface SettledDay {
  provider: string;
  /** Of the provider-day, as reconciliation has it. */
  state: string;
  /** null: there is no matched run yet. */
  settled: SettleReply | null;
}

/** Settles what is matched of a date. The same run again is answered from its batch: nothing new is posted. */
export async function settleDate(office: Office, date: string, only: string | undefined): Promise<SettledDay[]> {
  const { providers } = await office.reconciliation('night.status', { date });
  const days: SettledDay[] = [];
  for (const { provider, state } of providers) {
    if (only !== undefined && provider !== only) continue;
    const { run } = await office.reconciliation('runs.get', { provider, date });
    const settled =
      run &&
      (await office.settlement('provider_days.settle', { provider, date, runId: run.runId, digest: run.digest }));
    days.push({ provider, state, settled });
  }
  return days;
}

/** Settled, or nothing was to be settled. */
export const clean = ({ state, settled }: SettledDay): boolean => settled !== null || state === 'none_today';
