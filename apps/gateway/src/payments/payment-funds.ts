import { Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { fromJson } from '@yidian/money';
import { AgreementsStore, type AgreementRow, type LinkedRow } from '../agreements/agreements.store';
import { PersonNumbers, type KeptNumber } from '../notifications/person-number';
import { Providers } from '../providers/providers';
import { Maintenance } from '../routing/maintenance';
import type { Route, RouteQuestion } from '../routing/route';
import { Routes, type Ability } from '../routing/routes';
import { BillingClient, type FoundNumber } from './billing.client';
import type { CreatePaymentRequest, Origin } from './payment.schema';

/** Whose money, and through whom. */
export interface Way {
  provider: string;
  agreement: AgreementRow | null;
  linked: LinkedRow | null;
}

/** A payment that may go to several: why it goes where it goes, and where else it may go. */
export interface Ways {
  route: Route;
  ability: Ability;
  others: readonly Way[];
}

export interface Funds extends Way {
  payer: KeptNumber | null;
  payerKey: string;
  branch: string;
  /** The payer left the choice to us. */
  ways: Ways | null;
  /** Nobody waits for it and its provider is away: it is asked when the provider is back. */
  waitUntil: Date | null;
}

export interface FundsQuestion {
  origin: Origin;
  body: Pick<CreatePaymentRequest, 'number_query' | 'funding' | 'amount'>;
  target: KeptNumber;
  found: FoundNumber;
}

type AgreementFunding = Extract<CreatePaymentRequest['funding'], { type: 'agreement' }>;
type CashierFunding = Extract<CreatePaymentRequest['funding'], { type: 'cashier' }>;

/** Debits that nobody waits for. */
const AUTOMATIC: readonly Origin['channel'][] = ['auto', 'batch'];

/** Finds whose money pays an order. @throws Problem when it may not, or cannot now; nothing was written */
@Injectable()
export class PaymentFunds {
  constructor(
    private readonly billing: BillingClient,
    private readonly numbers: PersonNumbers,
    private readonly agreements: AgreementsStore,
    private readonly providers: Providers,
    private readonly routes: Routes,
    private readonly maintenance: Maintenance,
  ) {}

  async of(asked: FundsQuestion): Promise<Funds> {
    const { funding } = asked.body;
    switch (funding.type) {
      case 'collected':
        return this.collected(asked.origin);
      case 'cashier':
        return this.cashier(asked, funding);
      case 'agreement':
        return this.debit(asked, funding);
    }
  }

  /** @throws Problem when the partner collects nothing */
  collected(origin: Origin): Funds {
    if (!origin.collectsAs) throw new Problem('provider_unknown', { detail: 'This partner collects nothing.' });
    const { row } = this.providers.get(origin.collectsAs);
    return {
      provider: row.code,
      agreement: null,
      linked: null,
      payer: null,
      payerKey: `partner:${origin.partner}`,
      branch: origin.acquiringBranch,
      ways: null,
      waitUntil: null,
    };
  }

  private async cashier(asked: FundsQuestion, funding: CashierFunding): Promise<Funds> {
    const { origin, found } = asked;
    const payer = origin.payer === null ? null : this.numbers.keep(origin.payer);
    const none = { agreement: null, linked: null };
    const ways = funding.provider === undefined ? await this.cashierWays(asked, funding) : null;
    const named = ways?.first ?? this.named(funding);
    const branch = origin.acquiringBranch || (await this.branchOf(origin.payer, found));
    const payerKey = payer?.blind ?? `partner:${origin.partner}`;
    return { ...none, provider: named, payer, payerKey, branch, ways: ways?.ways ?? null, waitUntil: null };
  }

  /** The payer has chosen it: there and nowhere else, and only in a way that it offers. */
  private named({ provider = '', presentation }: CashierFunding): string {
    const { row, connector } = this.providers.forNewMoney(provider, 'cashier');
    if (connector.capabilities.cashier?.presentations.includes(presentation)) return row.code;
    const detail = `${provider} offers no ${presentation}`;
    const errors = [{ pointer: '/funding/presentation', code: 'field_invalid' as const, detail }];
    throw new Problem('field_invalid', { detail: `${detail}.`, errors });
  }

  private async cashierWays(asked: FundsQuestion, funding: CashierFunding): Promise<{ first: string; ways: Ways }> {
    const { presentation, method = '' } = funding;
    const route = await this.routes.forCashier(questionOf(asked, method), presentation);
    const [first = '', ...rest] = route.order;
    const others = rest.map((provider) => ({ provider, agreement: null, linked: null }));
    return { first, ways: { route, ability: { ability: 'cashier', presentation }, others } };
  }

  private async debit(asked: FundsQuestion, { agreement: id }: AgreementFunding): Promise<Funds> {
    if (id === undefined) return this.anyAgreement(asked);
    const way = await this.mayPay(asked, await this.agreements.find(id));
    const away = this.mayWait(asked.origin, way.provider);
    if (!away) this.providers.forNewMoney(way.provider, 'debit');
    return this.fundsOf(asked.origin, way, null, away);
  }

  /**
   * The payer's usual agreement where it can be asked now; else, and after it, the others by the rules. Who is not told
   * which card pays does not mind which.
   */
  private async anyAgreement(asked: FundsQuestion): Promise<Funds> {
    const found = await this.payers(asked);
    const ways = found.filter((way, index) => found.findIndex((one) => one.provider === way.provider) === index);
    const [only] = ways;
    const away = only && ways.length === 1 ? this.mayWait(asked.origin, only.provider) : null;
    if (only && away) return this.fundsOf(asked.origin, only, null, away);
    const route = await this.routes.forDebit(
      questionOf(asked, 'agreement'),
      ways.map(({ provider }) => provider),
    );
    const usual = ways.find(({ agreement }) => agreement.preferred === 1)?.provider;
    const order = [...route.order].sort((a, b) => Number(b === usual) - Number(a === usual));
    const [first, ...others] = order.flatMap((code) => ways.find(({ provider }) => provider === code) ?? []);
    if (!first) throw new Problem('provider_down', { retryAfter: 30 });
    return this.fundsOf(asked.origin, first, { route, ability: { ability: 'debit' }, others }, null);
  }

  private async payers(asked: FundsQuestion): Promise<(Way & { agreement: AgreementRow })[]> {
    const { origin, target } = asked;
    const blind = origin.payer === null ? target.blind : this.numbers.blind(origin.payer);
    const all = await this.agreements.ofNumber(blind);
    const mine = origin.payer === null ? all.filter(({ partner }) => partner === origin.partner) : all;
    if (mine.length === 0) throw new Problem('not_found', { detail: 'No agreement pays for this number.' });
    const active = mine.filter(({ state }) => state === 'active');
    if (active.length === 0) throw new Problem('agreement_not_active');
    return Promise.all(active.map((row) => this.mayPay(asked, row)));
  }

  /** The agreement pays for its own number, for numbers that consented, and, when its owner asks himself, for any. */
  private async mayPay(
    { origin, body, target, found }: FundsQuestion,
    agreement: AgreementRow | undefined,
  ): Promise<Way & { agreement: AgreementRow }> {
    const payerBlind = origin.payer === null ? null : this.numbers.blind(origin.payer);
    const mine = payerBlind === null ? agreement?.partner === origin.partner : agreement?.msisdn_blind === payerBlind;
    if (!agreement || !mine) throw new Problem('not_found', { detail: 'No such agreement.' });
    if (agreement.state !== 'active') throw new Problem('agreement_not_active');
    const self = agreement.msisdn_blind === target.blind;
    const linked = self ? null : await this.agreements.linkedFor(agreement.id, target.blind);
    // Numbers are recycled: what the last owner agreed to does not bind the next.
    const consented = linked?.state === 'active' && linked.subscriber_id === found.subscriberId ? linked : null;
    if (!self && !consented && payerBlind === null) throw new Problem('consent_missing');
    const unseen = linked?.state === 'active' && !consented && body.number_query === undefined;
    if (unseen) throw new Problem('number_owner_changed');
    return { provider: agreement.provider, agreement, linked: consented };
  }

  private fundsOf(
    origin: Origin,
    way: Way & { agreement: AgreementRow },
    ways: Ways | null,
    waitUntil: Date | null,
  ): Funds {
    const { agreement } = way;
    return {
      ...way,
      payer: { masked: agreement.msisdn_masked, blind: agreement.msisdn_blind, sealed: agreement.msisdn_sealed },
      payerKey: agreement.id,
      branch: origin.acquiringBranch || agreement.branch,
      ways,
      waitUntil,
    };
  }

  private mayWait(origin: Origin, provider: string): Date | null {
    return AUTOMATIC.includes(origin.channel) ? this.maintenance.awayUntil(provider) : null;
  }

  private async branchOf(payer: string | null, target: FoundNumber): Promise<string> {
    return payer === null ? target.branch.code : (await this.billing.payee(payer)).branch.code;
  }
}

const questionOf = ({ body, found }: FundsQuestion, method: string): RouteQuestion => ({
  method,
  branch: found.branch.code,
  amount: fromJson(body.amount),
});
