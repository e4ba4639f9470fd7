import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Capabilities, Presentation } from '@yidian/connectors/contract';
import { Problem } from '@yidian/errors';
import { z } from 'zod';
import { Poll } from '../notifications/poll';
import { LOGGER, type Logger } from '../platform';
import { Providers, type Provider } from '../providers/providers';
import { chooseRoute, ruleFor } from './choose-route';
import { Maintenance } from './maintenance';
import type { Candidate, Route, RouteQuestion, RoutingRule, Standing } from './route';
import { RoutingStore } from './routing.store';
import { SuccessRates } from './success-rates';

/** Of a provider's profile: by which names payers know its cashier, and what it usually takes. */
const routingProfile = z.object({
  methods: z.array(z.string()).default([]),
  feePpm: z.number().int().min(0).max(1_000_000).default(0),
  feeFixed: z.number().int().min(0).default(0),
});

export interface Ability {
  ability: 'debit' | 'cashier';
  presentation?: Presentation;
}

/** Where a payment goes that may go to several providers: the rules in force, applied to how providers stand now. */
@Injectable()
export class Routes implements OnModuleInit, BeforeApplicationShutdown {
  private rules: readonly RoutingRule[] = [];
  private readonly poll: Poll;

  constructor(
    private readonly store: RoutingStore,
    private readonly providers: Providers,
    private readonly maintenance: Maintenance,
    private readonly rates: SuccessRates,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.poll = new Poll(
      2_000,
      () => this.refresh(),
      (err) => logger.warn({ err }, 'routing rules'),
    );
  }

  async onModuleInit(): Promise<void> {
    await this.refresh();
    this.poll.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poll.stop();
  }

  async refresh(): Promise<void> {
    const version = await this.store.inForce(new Date());
    this.rules = version === null ? [] : await this.store.rules([version]);
  }

  /**
   * Agreements of a payer, by their providers. Those that no rule names come after those that one does.
   * @throws Problem maintenance, provider_down when none can be asked now
   */
  async forDebit(asked: RouteQuestion, among: readonly string[]): Promise<Route> {
    const rule = ruleFor(this.rules, asked);
    const listed = (rule?.providers ?? []).map((one) => one.provider).filter((code) => among.includes(code));
    const codes = [...new Set([...listed, ...[...among].sort()])];
    return this.choose(asked, rule, codes, { ability: 'debit' });
  }

  /** @throws Problem provider_unknown when nobody offers the method, maintenance, provider_down */
  async forCashier(asked: RouteQuestion, presentation: Presentation): Promise<Route> {
    const rule = ruleFor(this.rules, asked);
    const offering = this.providers.all().filter((one) => profileOf(one).methods.includes(asked.method));
    const codes = rule ? rule.providers.map((one) => one.provider) : offering.map(({ row }) => row.code);
    if (codes.length === 0) throw new Problem('provider_unknown', { detail: `Nobody offers ${asked.method}.` });
    return this.choose(asked, rule, codes, { ability: 'cashier', presentation });
  }

  /**
   * Every cashier that could take it now, and how: in the order of the rule for `cashier`, those that it does not name after
   * those that it does. Empty: nobody can.
   */
  async cashiers(
    asked: Omit<RouteQuestion, 'method'>,
  ): Promise<{ provider: Provider; presentations: Presentation[] }[]> {
    const question = { ...asked, method: 'cashier' };
    const rule = ruleFor(this.rules, question);
    const offering = this.providers.all().filter(({ row, connector }) => offers(row, connector.capabilities));
    const known = offering.map(({ row }) => row.code);
    const listed = (rule?.providers ?? []).map(({ provider }) => provider).filter((code) => known.includes(code));
    const { order } = await this.judge(question, rule, [...new Set([...listed, ...known])], { ability: 'cashier' });
    return order.flatMap((code) => {
      const provider = this.providers.find(code);
      const presentations = provider?.connector.capabilities.cashier?.presentations ?? [];
      return provider ? [{ provider, presentations: [...presentations] }] : [];
    });
  }

  /** Whether it may be asked for new money this moment: between two attempts more may have changed than the first knew. */
  usable(code: string, ability: Ability): boolean {
    return this.standing(code, ability) === null;
  }

  private async choose(
    asked: RouteQuestion,
    rule: RoutingRule | null,
    codes: readonly string[],
    ability: Ability,
  ): Promise<Route> {
    const route = await this.judge(asked, rule, codes, ability);
    if (route.order.length === 0) throw this.nobody(route);
    return route;
  }

  private async judge(
    asked: RouteQuestion,
    rule: RoutingRule | null,
    codes: readonly string[],
    ability: Ability,
  ): Promise<Route> {
    const rates = await this.rates.current();
    const standing = (code: string): Standing => ({
      unusable: this.standing(code, ability),
      successPpm: rates.get(code) ?? null,
    });
    return chooseRoute(
      asked,
      rule,
      codes.map((code) => this.candidate(code, rule)),
      standing,
    );
  }

  private candidate(provider: string, rule: RoutingRule | null): Candidate {
    const agreed = rule?.providers.find((one) => one.provider === provider);
    const known = this.providers.find(provider);
    const usual = known ? profileOf(known) : { feePpm: 0, feeFixed: 0 };
    return {
      provider,
      feePpm: agreed?.feePpm ?? usual.feePpm,
      feeFixed: agreed?.feeFixed ?? BigInt(usual.feeFixed),
    };
  }

  private standing(code: string, { ability, presentation }: Ability): Standing['unusable'] {
    const provider = this.providers.find(code);
    if (!provider) return 'unknown';
    if (!able(provider.connector.capabilities, ability, presentation)) return 'cannot';
    if (provider.row.state !== 'open') return 'stopped';
    if (this.maintenance.awayUntil(code)) return 'maintenance';
    return provider.connector.available() ? null : 'breaker';
  }

  private nobody(route: Route): Problem {
    const away = route.judged.filter(({ unusable }) => unusable === 'maintenance');
    const back = away.flatMap(({ provider }) => this.maintenance.awayUntil(provider)?.getTime() ?? []);
    if (back.length > 0) return new Problem('maintenance', { retryAfter: secondsUntil(Math.min(...back)) });
    const able = route.judged.some(({ unusable }) => unusable === 'stopped' || unusable === 'breaker');
    return able ? new Problem('provider_down', { retryAfter: 30 }) : new Problem('provider_unknown');
  }
}

export const secondsUntil = (at: number): number => Math.max(1, Math.ceil((at - Date.now()) / 1000));

function able(capabilities: Capabilities, ability: Ability['ability'], presentation?: Presentation): boolean {
  if (ability === 'debit') return capabilities.debit !== null;
  const { cashier } = capabilities;
  return cashier !== null && (presentation === undefined || cashier.presentations.includes(presentation));
}

/** A partner collects at its own counter: it has no page of its own. */
const offers = ({ kind }: Provider['row'], { cashier }: Capabilities): boolean =>
  kind !== 'partner' && cashier !== null;

function profileOf({ row }: Provider): z.output<typeof routingProfile> {
  const read = routingProfile.safeParse(JSON.parse(row.profile));
  return read.success ? read.data : { methods: [], feePpm: 0, feeFixed: 0 };
}
