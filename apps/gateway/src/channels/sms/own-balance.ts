import { Injectable } from '@nestjs/common';
import { fromDigits } from '@yidian/money';
import { yuan } from '../../notifications/sms-words';
import { BillingClient } from '../../payments/billing.client';
import type { Text } from './sms-texts';

/** A number's balance, told to that number only. */
@Injectable()
export class OwnBalance {
  constructor(private readonly billing: BillingClient) {}

  async of(from: string): Promise<Text> {
    const found = await this.billing.lookUp(from).catch(() => undefined);
    if (!found) return { code: 'busy', params: {} };
    return { code: 'balance', params: { balance: yuan(fromDigits(found.balance)) } };
  }
}
