import { Inject, Injectable } from '@nestjs/common';
import { SECRETS, type Secrets } from '../platform';

/** Four digits alone could be guessed from a plain hash: codes are kept under the keyed index of their number. */
@Injectable()
export class ConsentCodes {
  constructor(@Inject(SECRETS) private readonly secrets: Secrets) {}

  hash(numberBlind: string, code: string): string {
    return this.secrets.vault.blind(`${numberBlind}:${code}`, 'consent.code');
  }
}
