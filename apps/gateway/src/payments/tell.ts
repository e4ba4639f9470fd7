import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger } from '../platform';
import type { PaymentWrite, ResultOf } from './payment.writes';
import { PaymentDoor } from './payment-door';

const TRIES = 3;

/**
 * Writes what somebody outside has said. When it cannot be written now it is dropped on purpose: the row keeps its date,
 * the ladder asks again, and the same word is told again.
 */
@Injectable()
export class Tell {
  constructor(
    private readonly door: PaymentDoor,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async tell<W extends PaymentWrite>(write: W): Promise<ResultOf<W> | undefined> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.door.write(write);
      } catch (err) {
        if (tries < TRIES) continue;
        this.logger.warn({ err, write: write.do }, 'news could not be written; the ladder will ask again');
        return undefined;
      }
    }
  }
}
