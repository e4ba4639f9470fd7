import { Injectable } from '@nestjs/common';
import { AgreementsStore, type AgreementRow, type LinkedRow } from '../../agreements/agreements.store';
import { PersonNumbers } from '../../notifications/person-number';
import { say, type Outcome, type TextOrder } from './text-order';
import type { Target } from './read-command';

/**
 * Whose number a text means. `sure`: the sender's own, or one that has consented, named in full. `ask`: any other, which
 * only a code in the sender's hands may confirm, since a sender can be forged and a name be half typed.
 */
export type Payee =
  | { found: 'sure' | 'ask'; order: TextOrder }
  | { found: 'two'; word: string; orders: [TextOrder, TextOrder] }
  | { found: 'none'; outcome: Outcome };

const capitals = (name: string): string => name.replace(/[a-z]/g, (letter) => letter.toUpperCase());

@Injectable()
export class FindPayee {
  constructor(
    private readonly agreements: AgreementsStore,
    private readonly numbers: PersonNumbers,
  ) {}

  async execute(from: string, target: Target, amount: bigint): Promise<Payee> {
    const blind = this.numbers.blind(from);
    const rows = await this.agreements.ofNumber(blind);
    const active = rows.filter((row) => row.state === 'active');
    const [usual] = active;
    const frozen = usual ? undefined : rows.find((row) => row.state === 'frozen');
    if (frozen?.frozen_by === 'returned') return none('银行收回过一笔款,这张卡暂停扣款,请联系我们');
    if (frozen) return none('本机刚换卡或挂失,为安全暂停扣款,最多3天');
    if (!usual) return { found: 'none', outcome: say('no_agreement') };
    const order = { agreement: usual.id, number: from, amount: amount.toString(), nickname: '' };
    if (target.type === 'self' || (target.type === 'number' && target.number === from)) return { found: 'sure', order };
    const family = await this.agreements.familyOf(blind);
    if (target.type === 'nickname') return this.named(target.nickname, family, active, order);
    const member = family.find((row) => row.msisdn_blind === this.numbers.blind(target.number));
    return member?.state === 'active'
      ? this.member(member, active, order)
      : { found: 'ask', order: { ...order, number: target.number } };
  }

  private named(word: string, family: LinkedRow[], active: AgreementRow[], order: TextOrder): Payee {
    const exact = family.filter((row) => capitals(row.nickname) === word);
    const near = exact.length > 0 ? exact : family.filter((row) => capitals(row.nickname).includes(word));
    const agreed = near.filter((row) => row.state === 'active');
    const [first, second] = agreed.length > 0 ? agreed : near;
    if (!first) return none(`没有叫“${word}”的亲友,可直接发号码`);
    if (first.state !== 'active') return none(`${first.nickname}${first.msisdn_masked}还没有同意`);
    if (agreed.length > 2) return none(`“${word}”有${agreed.length}个,请直接发号码`);
    const payee = this.member(first, active, order);
    if (!second) return exact.length > 0 || payee.found !== 'sure' ? payee : { ...payee, found: 'ask' };
    return { found: 'two', word, orders: [payee.order, this.member(second, active, order).order] };
  }

  /** Consent was given to one agreement; with another the sender pays as for any number. */
  private member(row: LinkedRow, active: AgreementRow[], order: TextOrder): Extract<Payee, { order: TextOrder }> {
    const own = active.find((agreement) => agreement.id === row.agreement_id);
    const number = this.numbers.open(row.msisdn_sealed);
    return {
      found: own ? 'sure' : 'ask',
      order: { ...order, number, nickname: row.nickname, agreement: own?.id ?? order.agreement },
    };
  }
}

const none = (why: string): Payee => ({ found: 'none', outcome: say('refused', { why }) });
