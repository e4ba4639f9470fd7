import { Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { newId } from '@yidian/http';
import { CustomerCodes } from '../../access';
import { SmsSender } from '../../notifications/sms-sender';
import { BillingClient } from '../../payments/billing.client';

/** A one-time code by SMS. Who asks learns nothing about the number; a number of no branch costs us no message. */
@Injectable()
export class SendSignInCode {
  constructor(
    private readonly codes: CustomerCodes,
    private readonly billing: BillingClient,
    private readonly sms: SmsSender,
  ) {}

  /** @throws Problem rate_limited, busy */
  async execute(msisdn: string): Promise<void> {
    const code = await this.codes.create(msisdn);
    if (await this.isOurs(msisdn)) await this.sms.send(msisdn, 'sign_in_code', { code }, newId('ses'));
  }

  private async isOurs(msisdn: string): Promise<boolean> {
    try {
      await this.billing.lookUp(msisdn);
      return true;
    } catch (error) {
      if (error instanceof Problem && error.code === 'number_unknown') return false;
      throw error;
    }
  }
}
