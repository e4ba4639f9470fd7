import { Controller, Inject, Module } from '@nestjs/common';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload, Transport, type MicroserviceOptions } from '@nestjs/microservices';
import {
  exposureReceive,
  itemsPage,
  nightStatus,
  promotionsPull,
  settledItems,
  settledPost,
  statementsItems,
  type BranchLedgerReply,
  type ExposureReceived,
  type ItemsPageReply,
  type ItemsReply,
  type KeyAnswer,
  type MatchedItem,
  type PromotionsReply,
  type StatementItem,
  type StatementItemsReply,
} from '@yidian/contracts';
import type { AddressInfo, Server } from 'node:net';
import { GUANGDONG, HUBEI } from './lines';
import { SealedPeers, SealedRuns } from './sealed-peers';

/** What the other services know and do; tests change it between steps. */
export class World {
  /** Run id → its lines. */
  readonly runs = new Map<string, MatchedItem[]>();
  /** Runs with lines in sealed parts. */
  readonly sealed = new SealedRuns();
  /** Date → lines of its statement that belong to no payment. */
  readonly alone = new Map<string, StatementItem[]>();
  /** Runs whose stand-alone lines were asked for. */
  readonly aloneOf = new Set<string | undefined>();
  /** Lines a page holds, however many are asked for. */
  pageSize = 1000;
  signedOff = false;
  /** Dates that are signed off while others are not. */
  readonly signedDates = new Set<string>();
  /** How a provider-day stands when the night is asked. */
  lastDay = 'settled';
  /** What reconciliation has matched last. */
  run: { runId: string; digest: string } | null = null;
  pages = 0;
  /** Billing: settled principal by key, credits less reversals by branch. */
  readonly settled = new Map<string, { branch: string; amount: bigint }>();
  readonly credits = new Map<string, bigint>();
  /** Billing: settled payments by key and page. */
  readonly settledItems = new Map<string, { branch: string; items: { paymentNo: string; amount: string }[] }>();
  /** Answers billing gives before it posts anything. */
  readonly moods: (KeyAnswer['outcome'] | 'silent')[] = [];
  settledCalls = 0;
  /** Billing: what its lanes say headquarters bears. */
  readonly promotions: PromotionsReply['stretches'] = [];
  promotionsSilent = false;
  /** Gateway: partners' money by key. */
  readonly exposures = new Map<string, { provider: string; kind: string; amount: bigint; receipt: string }>();
  gatewaySilent = false;

  itemisedOf(branch: string): bigint {
    const pages = [...this.settledItems.values()].filter((page) => page.branch === branch);
    return pages.flatMap((page) => page.items).reduce((sum, item) => sum + BigInt(item.amount), 0n);
  }

  settledOf(branch: string): bigint {
    return [...this.settled.values()].filter((one) => one.branch === branch).reduce((sum, one) => sum + one.amount, 0n);
  }
}

const NAMES = [
  { code: HUBEI, nameZh: '湖北', nameEn: 'Hubei', status: 'open' as const },
  { code: GUANGDONG, nameZh: '广东', nameEn: 'Guangdong', status: 'open' as const },
];

@Controller()
class PeersController {
  constructor(@Inject(World) private readonly world: World) {}

  @MessagePattern('items.page')
  page(@Payload() request: unknown): ItemsPageReply {
    const { runId, after, limit } = itemsPage.parse(request);
    this.world.pages += 1;
    const rest = [...(this.world.runs.get(runId) ?? [])]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .filter((item) => item.id > after);
    const items = rest.slice(0, Math.min(limit, this.world.pageSize));
    return { items, next: rest.length > items.length ? (items.at(-1)?.id ?? null) : null };
  }

  @MessagePattern('statements.items')
  alone(@Payload() request: unknown): StatementItemsReply {
    const { date, after, limit, runId } = statementsItems.parse(request);
    this.world.aloneOf.add(runId);
    const lines = this.world.alone.get(date);
    if (!lines) return { version: null, items: [], next: null };
    const rest = lines.filter((line) => line.n > after);
    const items = rest.slice(0, Math.min(limit, this.world.pageSize));
    return { version: 1, items, next: rest.length > items.length ? (items.at(-1)?.n ?? null) : null };
  }

  @MessagePattern('night.status')
  night(@Payload() request: unknown) {
    const { date } = nightStatus.parse(request);
    const { lastDay: state } = this.world;
    const signedOff = this.world.signedOff || this.world.signedDates.has(date);
    return { date: '', providers: [{ provider: 'bank_a', state, openBreaks: 3 }], signedOff };
  }

  @MessagePattern('runs.get')
  run() {
    return { run: this.world.run };
  }

  @MessagePattern('settled.post')
  settled(@Payload() request: unknown): Promise<ItemsReply<KeyAnswer>> | ItemsReply<KeyAnswer> {
    this.world.settledCalls += 1;
    const mood = this.world.moods.shift();
    if (mood === 'silent') throw new Error('the answer is lost');
    const items = settledPost.parse(request).items.map(({ key, branch, amount }): KeyAnswer => {
      if (mood && mood !== 'posted') return { key, outcome: mood, replay: false };
      const replay = this.world.settled.has(key);
      if (!replay) this.world.settled.set(key, { branch, amount: BigInt(amount) });
      return { key, outcome: 'posted', replay };
    });
    return { items, queueAgeMs: 0 };
  }

  @MessagePattern('settled.items')
  settledItems(@Payload() request: unknown): { replay: boolean } {
    const { key, page, branch, items } = settledItems.parse(request);
    const name = `${key} ${page}`;
    const replay = this.world.settledItems.has(name);
    if (!replay) this.world.settledItems.set(name, { branch, items });
    return { replay };
  }

  @MessagePattern('promotions.pull')
  promotions(@Payload() request: unknown): PromotionsReply {
    if (this.world.promotionsSilent) throw new Error('the answer is lost');
    const taken = new Map(promotionsPull.parse(request).after.map(({ lane, batch }) => [lane, BigInt(batch)]));
    const isNew = ({ lane, to }: PromotionsReply['stretches'][number]) => BigInt(to) > (taken.get(lane) ?? 0n);
    const [next, ...rest] = this.world.promotions.filter(isNew);
    return { stretches: next ? [next] : [], more: rest.length > 0 };
  }

  @MessagePattern('ledger.branches')
  branches(): BranchLedgerReply {
    return {
      branches: NAMES.map(({ code: branch }) => {
        const credits = this.world.credits.get(branch) ?? 0n;
        const settled = this.world.settledOf(branch);
        return {
          branch,
          receivable: String(credits - settled),
          settled: String(settled),
          credits: String(credits),
          reversals: '0',
          itemised: String(this.world.itemisedOf(branch)),
        };
      }),
    };
  }

  @MessagePattern('exposure.receive')
  exposure(@Payload() request: unknown): ItemsReply<ExposureReceived> {
    if (this.world.gatewaySilent) throw new Error('the answer is lost');
    const items = exposureReceive.parse(request).items.map(({ key, provider, kind, amount, receipt }) => {
      const replay = this.world.exposures.has(key);
      if (!replay) this.world.exposures.set(key, { provider, kind, amount: BigInt(amount), receipt });
      return { key, outcome: 'counted' as const, replay };
    });
    return { items, queueAgeMs: 0 };
  }

  @MessagePattern('branches.list')
  names() {
    return { branches: NAMES };
  }

  @MessagePattern('providers.list')
  providers() {
    return {
      providers: [{ code: 'bank_a', nameZh: '甲银行', nameEn: 'Bank A', kind: 'bank', openDate: '2026-11-23' }],
    };
  }
}

@Module({})
class PeersModule {}

/** Reconciliation, billing and gateway on one socket, as far as settlement calls them. */
export async function startPeers(world: World): Promise<{ port: number; app: INestMicroservice }> {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(
    {
      module: PeersModule,
      controllers: [PeersController, SealedPeers],
      providers: [
        { provide: World, useValue: world },
        { provide: SealedRuns, useValue: world.sealed },
      ],
    },
    { transport: Transport.TCP, options: { host: '127.0.0.1', port: 0 }, logger: false },
  );
  await app.listen();
  return { port: (app.unwrap<Server>().address() as AddressInfo).port, app };
}
