import { Injectable } from '@nestjs/common';
import type { numbersOwnerAt, OwnerAtAnswer } from '@yidian/contracts';
import type { z } from 'zod';
import { shanghaiDate } from '../calendar';
import { LifeCycleStore, type OwnerRow, type StatusRow } from '../subscribers/life-cycle.store';
import { RoutesStore } from './routes.store';

type Question = z.output<typeof numbersOwnerAt>['items'][number];

/** Who held a number at an instant: what care and reconciliation ask about a payment of last month. */
@Injectable()
export class OwnerAt {
  constructor(
    private readonly history: LifeCycleStore,
    private readonly routes: RoutesStore,
  ) {}

  async execute(items: readonly Question[]): Promise<OwnerAtAnswer[]> {
    const owners = await this.history.owners([...new Set(items.map(({ msisdn }) => msisdn))]);
    const asked = items.map(({ msisdn, at }) => {
      const owner = ownerAt(owners, msisdn, new Date(at));
      return { msisdn, at: new Date(at), owner };
    });
    const statuses = await this.history.statuses([
      ...new Set(asked.flatMap(({ owner }) => (owner ? [owner.subscriberId] : []))),
    ]);
    const routes = await this.routesOf(asked.filter(({ owner }) => !owner));
    return asked.map(({ msisdn, at, owner }) => {
      const answer = { msisdn, at: at.toISOString() };
      if (owner) return { ...answer, owner: view(owner, statusAt(statuses, owner.subscriberId, at)) };
      const route = routes.get(questionOf(msisdn, shanghaiDate(at)));
      return route === undefined ? answer : { ...answer, route };
    });
  }

  /** One read per day asked about. */
  private async routesOf(asked: readonly { msisdn: string; at: Date }[]): Promise<Map<string, string | null>> {
    const byDate = new Map<string, string[]>();
    for (const { msisdn, at } of asked) {
      const date = shanghaiDate(at);
      byDate.set(date, [...(byDate.get(date) ?? []), msisdn]);
    }
    const found = new Map<string, string | null>();
    for (const [date, msisdns] of byDate)
      for (const [msisdn, branch] of await this.routes.routes(msisdns, date))
        found.set(questionOf(msisdn, date), branch);
    return found;
  }
}

const questionOf = (msisdn: string, date: string): string => `${msisdn} ${date}`;

/** Where rows meet in one instant, the one that began later; of two of one instant, the one that still lasted. */
function ownerAt(owners: readonly OwnerRow[], msisdn: string, at: Date): OwnerRow | undefined {
  return owners
    .filter((row) => row.msisdn === msisdn && row.validFrom <= at && (row.validTo === null || at < row.validTo))
    .sort((one, other) => other.validFrom.getTime() - one.validFrom.getTime())[0];
}

/** The last that was recorded of those that had happened by then. */
function statusAt(statuses: readonly StatusRow[], subscriberId: string, at: Date): StatusRow | undefined {
  return statuses
    .filter((row) => row.subscriberId === subscriberId && row.validFrom <= at)
    .sort(
      (one, other) => other.validFrom.getTime() - one.validFrom.getTime() || (other.eventId > one.eventId ? 1 : -1),
    )[0];
}

function view(owner: OwnerRow, status: StatusRow | undefined): NonNullable<OwnerAtAnswer['owner']> {
  return {
    subscriberId: owner.subscriberId,
    branch: owner.branch,
    ownerVersion: owner.ownerVersion,
    status: status?.status ?? 'active',
    suspendReason: status?.suspendReason === '' ? null : (status?.suspendReason ?? null),
    since: owner.validFrom.toISOString(),
    until: owner.validTo?.toISOString() ?? null,
  };
}
