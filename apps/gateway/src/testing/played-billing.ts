import { Controller, Module, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, type MicroserviceOptions } from '@nestjs/microservices';
import type {
  HoldAnswer,
  ItemsReply,
  KeyAnswer,
  NumberAnswer,
  PayeeAnswer,
  SubscriberEvent,
  TopupAnswer,
  TopupItem,
} from '@yidian/contracts';
import { FrameServer } from '@yidian/messaging';
import { createServer, type AddressInfo } from 'node:net';

type Found = NonNullable<NumberAnswer['found']>;

/** Billing as the gateway's tests need it: the contract over real TCP, keys kept, faults on demand. */
export class BillingState {
  readonly owners = new Map<string, Found>();
  readonly credits = new Map<string, TopupAnswer>();
  /** What happened to numbers. */
  readonly events: SubscriberEvent[] = [];
  /** Numbers that another carrier serves. */
  readonly portedOut = new Set<string>();
  readonly holds = new Map<string, { answer: HoldAnswer; amount: bigint; subscriberId: string }>();
  /** Credits taken back by force, by key. */
  readonly reversals = new Map<string, { answer: KeyAnswer; amount: bigint; paymentNo: string }>();
  /** What the next reversals answer instead of being carried out. */
  reverseFault: 'unknown' | 'busy' | 'rejected' | null = null;
  private readonly balances = new Map<string, bigint>();
  private readonly items = new Map<string, TopupItem>();
  /** What the next credits of a branch answer instead of being given. */
  readonly faults = new Map<string, TopupAnswer['outcome']>();
  /** Whether a province that was asked (fault `pending`) has its word when it is waited for. */
  provinceIsQuick = false;
  private readonly pending = new Map<string, TopupItem>();
  /** Calls that are never answered. */
  silent = false;

  addNumber(msisdn: string, over: Partial<Found> = {}): void {
    const subscriberId = over.subscriberId ?? `s${msisdn}`;
    this.balances.set(subscriberId, 1210n);
    this.owners.set(msisdn, {
      subscriberId,
      branch: { code: '420000', nameZh: '湖北', nameEn: 'Hubei' },
      status: 'active',
      plan: 'prepaid',
      owner: '王*兰',
      ownerVersion: 1,
      balance: '1210',
      amountDue: null,
      accepts: { min: '100', max: '50000', step: '1' },
      maintenance: false,
      ...over,
    });
  }

  /** Something happened to a number, just now. */
  tell(msisdn: string, kind: SubscriberEvent['kind'], over: Partial<SubscriberEvent> = {}): SubscriberEvent {
    const now = new Date().toISOString();
    const event: SubscriberEvent = {
      id: String(this.events.length + 1),
      kind,
      at: now,
      recordedAt: now,
      msisdn,
      subscriberId: `s${msisdn}`,
      formerSubscriberId: null,
      branch: '420000',
      ownerVersion: 1,
      status: 'active',
      suspendReason: null,
      balance: null,
      source: 'bss:420000',
      ...over,
    };
    this.events.push(event);
    return event;
  }

  balance(subscriberId: string): bigint {
    return this.balances.get(subscriberId) ?? 0n;
  }

  credit(item: TopupItem): TopupAnswer {
    const known = this.credits.get(item.key);
    if (known) return { ...known, replay: true };
    const fault = this.faults.get(item.branch);
    if (fault === 'maintenance' || fault === 'busy' || fault === 'unknown')
      return { key: item.key, outcome: fault, replay: false };
    if (fault === 'pending' && !this.pending.has(item.key)) {
      this.pending.set(item.key, item);
      return { key: item.key, outcome: 'pending', replay: false };
    }
    const owner = [...this.owners.values()].find((found) => found.subscriberId === item.subscriberId);
    if (fault === 'rejected' || owner?.status === 'closed') {
      return this.keep({ key: item.key, outcome: 'rejected', reason: 'number_closed', replay: false });
    }
    const balance = this.balance(item.subscriberId) + BigInt(item.face);
    this.balances.set(item.subscriberId, balance);
    this.items.set(item.key, item);
    const at = new Date().toISOString();
    return this.keep({ key: item.key, outcome: 'credited', replay: false, balanceAfter: `${balance}`, at });
  }

  query(key: string): TopupAnswer {
    const item = this.pending.get(key);
    if (item && this.provinceIsQuick) return this.credit(item);
    return this.credits.get(key) ?? { key, outcome: item ? 'pending' : 'not_found', replay: true };
  }

  payee(key: string): PayeeAnswer['payee'] {
    const subscriberId = this.items.get(key)?.subscriberId;
    const [msisdn] = [...this.owners].find(([, found]) => found.subscriberId === subscriberId) ?? [];
    return msisdn === undefined || subscriberId === undefined ? null : { subscriberId, msisdn, ownerVersion: 1 };
  }

  voidCredit(key: string): TopupAnswer {
    const known = this.credits.get(key);
    return known ? { ...known, replay: true } : this.keep({ key, outcome: 'voided', replay: false });
  }

  hold(item: { key: string; paymentNo: string; amount: string }): HoldAnswer {
    const known = this.holds.get(item.key);
    if (known) return { ...known.answer, replay: true };
    const credit = this.items.get(item.paymentNo);
    const subscriberId = credit?.subscriberId ?? '';
    const amount = BigInt(item.amount);
    if (!credit || this.balance(subscriberId) < amount) {
      return { key: item.key, outcome: 'rejected', reason: 'refund_exceeds_balance', replay: false };
    }
    this.balances.set(subscriberId, this.balance(subscriberId) - amount);
    const answer = { key: item.key, outcome: 'held', replay: false } as const;
    this.holds.set(item.key, { answer, amount, subscriberId });
    return answer;
  }

  resolveHold(key: string, action: 'post' | 'void'): HoldAnswer {
    const held = this.holds.get(key);
    if (!held) return { key, outcome: 'not_found', replay: false };
    if (held.answer.outcome !== 'held') return { ...held.answer, replay: true };
    if (action === 'void') this.balances.set(held.subscriberId, this.balance(held.subscriberId) + held.amount);
    const answer = { key, outcome: action === 'post' ? 'posted' : 'voided', replay: false } as const;
    this.holds.set(key, { ...held, answer });
    return answer;
  }

  /** Past the balance if need be: what was spent becomes arrears. */
  reverse(item: { key: string; paymentNo: string; amount: string }): KeyAnswer {
    const known = this.reversals.get(item.key);
    if (known) {
      const same = known.paymentNo === item.paymentNo && known.amount === BigInt(item.amount);
      return same ? { ...known.answer, replay: true } : { key: item.key, outcome: 'conflict', replay: false };
    }
    if (this.reverseFault === 'rejected')
      return { key: item.key, outcome: 'rejected', reason: 'state_conflict', replay: false };
    if (this.reverseFault) return { key: item.key, outcome: this.reverseFault, replay: false };
    const credit = this.items.get(item.paymentNo);
    if (!credit) return { key: item.key, outcome: 'rejected', reason: 'not_found', replay: false };
    const amount = BigInt(item.amount);
    this.balances.set(credit.subscriberId, this.balance(credit.subscriberId) - amount);
    const answer = { key: item.key, outcome: 'posted', replay: false } as const;
    this.reversals.set(item.key, { answer, amount, paymentNo: item.paymentNo });
    return answer;
  }

  private keep(answer: TopupAnswer): TopupAnswer {
    this.credits.set(answer.key, answer);
    return answer;
  }
}

const state = { current: new BillingState() };

@Controller()
class BillingController {
  @MessagePattern('numbers.lookup')
  lookUp({ items }: { items: { msisdn: string }[] }): Promise<ItemsReply<NumberAnswer>> {
    return reply(items, ({ msisdn }) => {
      if (state.current.portedOut.has(msisdn)) return { msisdn, portedOut: true };
      const found = state.current.owners.get(msisdn);
      return found ? { msisdn, found } : { msisdn };
    });
  }

  @MessagePattern('subscriber_events.pull')
  pull({ after, limit }: { after: string; limit: number }): Promise<{ events: SubscriberEvent[] }> {
    const later = state.current.events.filter(({ id }) => BigInt(id) > BigInt(after));
    return Promise.resolve({ events: later.slice(0, limit) });
  }

  @MessagePattern('topups.post')
  post({ items }: { items: TopupItem[] }): Promise<ItemsReply<TopupAnswer>> {
    return reply(items, (item) => state.current.credit(item));
  }

  @MessagePattern('topups.query')
  query({ items }: { items: { key: string }[] }): Promise<ItemsReply<TopupAnswer>> {
    return reply(items, ({ key }) => state.current.query(key));
  }

  @MessagePattern('credits.payees')
  payees({ items }: { items: { key: string }[] }): Promise<ItemsReply<PayeeAnswer>> {
    return reply(items, ({ key }) => ({ key, payee: state.current.payee(key) }));
  }

  @MessagePattern('topups.void')
  giveUp({ items }: { items: { key: string }[] }): Promise<ItemsReply<TopupAnswer>> {
    return reply(items, ({ key }) => state.current.voidCredit(key));
  }

  @MessagePattern('holds.place')
  hold({ items }: { items: { key: string; paymentNo: string; amount: string }[] }): Promise<ItemsReply<HoldAnswer>> {
    return reply(items, (item) => state.current.hold(item));
  }

  @MessagePattern('credits.reverse')
  reverse({ items }: { items: { key: string; paymentNo: string; amount: string }[] }): Promise<ItemsReply<KeyAnswer>> {
    return reply(items, (item) => state.current.reverse(item));
  }

  @MessagePattern('holds.resolve')
  resolve({ items }: { items: { key: string; action: 'post' | 'void' }[] }): Promise<ItemsReply<HoldAnswer>> {
    return reply(items, ({ key, action }) => state.current.resolveHold(key, action));
  }
}

function reply<I, A>(items: I[], answer: (item: I) => A): Promise<ItemsReply<A>> {
  if (state.current.silent) return new Promise(() => undefined);
  return Promise.resolve({ items: items.map(answer), queueAgeMs: 0 });
}

@Module({ controllers: [BillingController] })
class BillingModule {}

export interface PlayedBilling {
  state: BillingState;
  port: number;
  close(): Promise<void>;
}

export async function playBilling(): Promise<PlayedBilling> {
  state.current = new BillingState();
  const port = await freePort();
  const app: INestMicroservice = await NestFactory.createMicroservice<MicroserviceOptions>(BillingModule, {
    strategy: new FrameServer({ host: '127.0.0.1', port }),
    logger: false,
  });
  await app.listen();
  return { state: state.current, port, close: () => app.close() };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
