import { Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { maskNumber } from '@yidian/security';
import { AgreementsStore } from '../../agreements/agreements.store';
import { EndLinked } from '../../agreements/end-linked';
import { PersonNumbers } from '../../notifications/person-number';
import { CreateLinkedNumber } from '../../payments';
import { FindFamily } from './find-family';
import type { Target } from './read-command';
import { originOf } from './sms-origin';
import { say, type Message, type Outcome } from './text-order';

/** Who may be paid for, and who may ask: changed by text, and nothing charged. */
@Injectable()
export class FamilyByText {
  constructor(
    private readonly agreements: AgreementsStore,
    private readonly createLinked: CreateLinkedNumber,
    private readonly ending: EndLinked,
    private readonly family: FindFamily,
    private readonly numbers: PersonNumbers,
  ) {}

  /** The key is the message's own: taken up again, it asks nobody twice. @throws Problem why the number is not asked */
  async link({ id, from }: Message, number: string, nickname: string): Promise<Outcome> {
    const rows = await this.agreements.ofNumber(this.numbers.blind(from));
    const usual = rows.find((row) => row.state === 'active');
    if (!usual) return say('no_agreement');
    try {
      const body = { agreement: usual.id, number, nickname };
      await this.createLinked.execute({ origin: originOf(from), idempotencyKey: `sms-${id}`, body });
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'state_conflict') throw error;
      return say('refused', { why: number === from ? '这是本机号码' : `${maskNumber(number)}已经添加或问过` });
    }
    return say('link_asked', { number: maskNumber(number), who: nickname });
  }

  async unlink({ from }: Message, target: Exclude<Target, { type: 'self' }>): Promise<Outcome> {
    const { rows, exact } = await this.family.execute(from, target);
    const [row] = rows;
    const word = target.type === 'nickname' ? target.nickname : maskNumber(target.number);
    if (!row) return say('refused', { why: `没有叫“${word}”的亲友` });
    if (rows.length > 1 || !exact) return say('refused', { why: `“${word}”不够清楚,请发:删除和对方号码` });
    await this.ending.byPayer(from, row.id);
    return say('unlinked', { who: row.nickname, number: row.msisdn_masked });
  }

  /** Whoever has asked, or pays: not any more. */
  async block({ from }: Message, payer: string): Promise<Outcome> {
    const [mine, theirs] = [this.numbers.blind(from), this.numbers.blind(payer)];
    const rows = [...(await this.agreements.asked(mine)), ...(await this.agreements.activeFor(mine))];
    const asking = rows.filter((row) => row.payer_blind === theirs);
    if (asking.length === 0) return say('refused', { why: `${maskNumber(payer)}没有问过您。全部不收发:PB` });
    for (const row of asking) await this.ending.byLinked(from, row.id, true);
    return say('blocked', { number: maskNumber(payer) });
  }
}
