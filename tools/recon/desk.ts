import type { BreakView, NightStatusReply, Pattern, ReplyOf, RequestOf } from '@yidian/contracts';
import { RpcUnknown, type RpcClient } from '@yidian/messaging';
import { PlainError } from '../platform/progress';

export type ProviderDay = NightStatusReply['providers'][number] & { date: string };

/** Answers are questions to a database; a report of a large day takes longer. */
const ANSWER_MS = 60_000;

/** Reconciliation as the command line asks it. */
export class Desk {
  constructor(
    private readonly client: RpcClient<'reconciliation'>,
    readonly actor: string,
  ) {}

  /** @throws PlainError when nobody answers, or reconciliation says why not */
  async ask<P extends Pattern<'reconciliation'>>(
    pattern: P,
    request: RequestOf<'reconciliation', P>,
    waitMs = ANSWER_MS,
  ): Promise<ReplyOf<'reconciliation', P>> {
    try {
      return await this.client.call(pattern, request, waitMs);
    } catch (error) {
      if (!(error instanceof RpcUnknown)) throw error;
      throw new PlainError(refusalOf(error) ?? notRunning(error));
    }
  }

  async days(dates: readonly string[], provider: string | undefined): Promise<ProviderDay[]> {
    const days: ProviderDay[] = [];
    for (const date of dates) {
      const { providers } = await this.ask('night.status', { date });
      days.push(...providers.filter((day) => !provider || day.provider === provider).map((day) => ({ ...day, date })));
    }
    return days;
  }

  async breaks(
    date: string,
    provider: string | undefined,
    state: 'open' | 'proposed' | 'suspense' | 'resolved' | 'any',
  ) {
    const rows: BreakView[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const only = { ...(provider ? { provider } : {}), ...(cursor ? { cursor } : {}) };
      const page: { data: BreakView[]; nextCursor: string | null } = await this.ask('breaks.list', {
        ...{ date, state, limit: 100 },
        ...only,
      });
      rows.push(...page.data);
      cursor = page.nextCursor;
    }
    return rows;
  }
}

const notRunning = (error: Error): string =>
  `Reconciliation does not answer: the system is not running. Start it with \`npm start\`, or set RECONCILIATION_RPC=host:port. (${error.message})`;

/** What the service itself said, as Nest sends it; undefined: it was silence, or nobody was there. */
function refusalOf({ cause }: RpcUnknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('status' in cause) || !('message' in cause)) return undefined;
  return String(cause.message);
}

/** Every date from the first to the last. */
export function datesBetween(from: string, to: string): string[] {
  const dates: string[] = [];
  for (let at = from; at <= to; at = nextDay(at)) dates.push(at);
  return dates;
}

const nextDay = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
