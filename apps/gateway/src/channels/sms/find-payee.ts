import { Injectable } from '@nestjs/common';
import { AgreementsStore, type AgreementRow, type LinkedRow } from '../../agreements/agreements.store';
import { PersonNumbers } from '../../notifications/person-number';
import { FindFamily } from './find-family';
import { say, type Outcome, type TextOrder } from './text-order';
import type { Target } from './read-command';

/**
 * Whose number a text means. `sure`: the sender's own, or one that has consented, named in full. `ask`: any other, which
 * only a code in the sender's hands may confirm, since a sender can be forged and a name be half typed.
 */
export type Payee =
  | { found: 'sure' | 'ask'; order: TextOrder }
  | { found: 'several'; word: string; orders: TextOrder[] }
  | { found: 'none'; outcome: Outcome };

/** More do not fit into one message. */
const MOST_CHOICES = 3;

@Injectable()
export class FindPayee {
  constructor(
    private readonly agreements: AgreementsStore,
    private readonly family: FindFamily,
    private readonly numbers: PersonNumbers,
  ) {}

  async execute(from: string, target: Target, amount: bigint): Promise<Payee> {
    const rows = await this.agreements.ofNumber(this.numbers.blind(from));
    const active = rows.filter((row) => row.state === 'active');
    const [usual] = active;
    const frozen = usual ? undefined : rows.find((row) => row.state === 'frozen');
    if (frozen?.frozen_by === 'returned') return none('银行收回过一笔款,这张卡暂停扣款,请联系我们');
    if (frozen?.frozen_by === 'owner_changed') return none('本机刚过户,原来绑定的卡已停用,请机主重新绑定');
    if (frozen) return none('本机刚换卡或挂失,为安全暂停扣款,最多3天');
    if (!usual) return { found: 'none', outcome: say('no_agreement') };
    const order = { agreement: usual.id, number: from, amount: amount.toString(), nickname: '' };
    if (target.type === 'self' || (target.type === 'number' && target.number === from)) return { found: 'sure', order };
    if (target.type === 'nickname') return this.named(from, target, active, order);
    const [member] = (await this.family.execute(from, target)).rows;
    return member?.state === 'active'
      ? this.member(member, active, order)
      : { found: 'ask', order: { ...order, number: target.number } };
  }

  private async named(
    from: string,
    target: Extract<Target, { type: 'nickname' }>,
    active: AgreementRow[],
    order: TextOrder,
  ): Promise<Payee> {
    const word = target.nickname;
    const { rows, exact } = await this.family.execute(from, target);
    const [first, second] = rows;
    if (!first) return none(`没有叫“${word}”的亲友,可直接发号码`);
    if (first.state !== 'active') return none(`${first.nickname}${first.msisdn_masked}还没有同意`);
    if (rows.length > MOST_CHOICES) return none(`“${word}”有${rows.length}个,请直接发号码`);
    const payee = this.member(first, active, order);
    if (!second) return exact || payee.found !== 'sure' ? payee : { ...payee, found: 'ask' };
    return { found: 'several', word, orders: rows.map((row) => this.member(row, active, order).order) };
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
