import { Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { fromDigits } from '@yidian/money';
import { DateTime } from 'luxon';
import type { AgreementState } from '../../agreements/agreement.schema';
import { accountOf } from '../../agreements/agreement.view';
import { AgreementsStore, type AgreementRow } from '../../agreements/agreements.store';
import { EndAgreement } from '../../agreements/end-agreement';
import { PersonNumbers } from '../../notifications/person-number';
import { payWords, shortYuan, yuan } from '../../notifications/sms-words';
import { BillingClient } from '../../payments/billing.client';
import type { PaymentRow } from '../../payments/payment.rows';
import { PaymentsReadStore } from '../../payments/payments-read.store';
import { say, type Outcome } from './text-order';

const ROOM_OF_LIST = 60;
const STATE_WORDS: Partial<Record<PaymentRow['state'], string>> = {
  completed: '已到账',
  declined: '没扣款',
  closed: '没扣款',
  rejected: '没扣款',
  unknown: '等银行答复',
  paid: '入账中',
  refunding: '退款中',
  refunded: '已退款',
  partially_refunded: '已退部分',
  reversed: '已冲正',
  returned: '银行收回',
};

/** `11-29妈妈50.00元已到账` */
function lineOf(row: PaymentRow): string {
  const own = row.payer_blind === row.msisdn_blind;
  const who = own ? '本机' : row.nickname || row.msisdn_masked.slice(-4);
  const day = DateTime.fromJSDate(row.created_at).setZone('Asia/Shanghai').toFormat('MM-dd');
  return `${day}${who}${yuan(row.charged)}元${STATE_WORDS[row.state] ?? '办理中'}`;
}

/** What a number may ask about itself by text: its balance, its card, its payments, and to be charged no more. */
@Injectable()
export class OwnAccount {
  constructor(
    private readonly billing: BillingClient,
    private readonly agreements: AgreementsStore,
    private readonly ending: EndAgreement,
    private readonly numbers: PersonNumbers,
    private readonly payments: PaymentsReadStore,
  ) {}

  /** @throws Problem busy, number_unknown */
  async balance(from: string): Promise<Outcome> {
    const { balance } = await this.billing.lookUpBalance(from);
    if (balance === null) throw new Problem('busy'); // its province does not say now
    return say('balance', { balance: yuan(fromDigits(balance)) });
  }

  /** Cards are signed on the provider's page; a text tells what is bound, or where to bind. */
  async card(from: string): Promise<Outcome> {
    const row = await this.bound(from, ['active']);
    if (!row) return say('no_agreement');
    const [limit, month] = [shortYuan(row.limit_payment), shortYuan(row.limit_month)];
    return say('bound', { pay: payWords(accountOf(row)), limit, month });
  }

  async unbind(from: string): Promise<Outcome> {
    const row = await this.bound(from, ['active', 'frozen']);
    if (!row) return say('no_agreement');
    await this.ending.execute(row, 'its owner by text');
    return say('unbound', { pay: payWords(accountOf(row)) });
  }

  /** What it has paid lately, as much as one message holds. */
  async history(from: string): Promise<Outcome> {
    const rows = await this.payments.byPayer(this.numbers.blind(from), 3);
    let list = '';
    for (const line of rows.map((row) => lineOf(row))) {
      const longer = list === '' ? line : `${list};${line}`;
      if (longer.length <= ROOM_OF_LIST) list = longer;
    }
    return list === '' ? say('history_none') : say('history', { list });
  }

  private async bound(from: string, states: readonly AgreementState[]): Promise<AgreementRow | undefined> {
    return (await this.agreements.ofNumber(this.numbers.blind(from))).find((row) => states.includes(row.state));
  }
}
