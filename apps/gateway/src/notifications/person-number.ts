import { Inject, Injectable } from '@nestjs/common';
import { maskNumber } from '@yidian/security';
import { SECRETS, type Secrets } from '../platform';

/** A phone number as rows hold it: masked to show, blind to find, sealed to use. */
export interface KeptNumber {
  masked: string;
  blind: string;
  sealed: string;
}

/** One purpose for all tables of the gateway's rooms: a number is found, and its sealed text copied, across them. */
const PURPOSE = 'msisdn';
const TEXT = 'sms.text';

@Injectable()
export class PersonNumbers {
  constructor(@Inject(SECRETS) private readonly secrets: Secrets) {}

  keep(msisdn: string): KeptNumber {
    return { masked: maskNumber(msisdn), blind: this.blind(msisdn), sealed: this.secrets.vault.seal(msisdn, PURPOSE) };
  }

  blind(msisdn: string): string {
    return this.secrets.vault.blind(msisdn, PURPOSE);
  }

  open(sealed: string): string {
    return this.secrets.vault.open(sealed, PURPOSE);
  }

  /** Texts hold codes, balances and names of family: sealed like numbers. */
  sealText(text: string): string {
    return this.secrets.vault.seal(text, TEXT);
  }

  openText(sealed: string): string {
    return this.secrets.vault.open(sealed, TEXT);
  }
}
