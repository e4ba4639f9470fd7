import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import type { GatewayConfig } from '../gateway.config';
import { KeptAnswers, KeySeen, scopeOf } from '../payments/kept-answers';
import { PaymentDoor } from '../payments/payment-door';
import type { Answer, Keyed } from '../payments/payment.schema';
import { CONFIG } from '../platform';
import { agreementView, linkedNumberView } from './agreement.view';
import type { AgreementView, LinkedNumberView } from './agreement.schema';
import { AgreementsStore } from './agreements.store';
import { EndAgreement } from './end-agreement';
import { EndLinked } from './end-linked';

/** A partner ends what it has made: under a key like all its requests, though ending twice is ending once. */
@Injectable()
export class EndKeyed {
  constructor(
    private readonly answers: KeptAnswers,
    private readonly door: PaymentDoor,
    private readonly store: AgreementsStore,
    private readonly ending: EndAgreement,
    private readonly links: EndLinked,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** @throws Problem not_found for another partner's */
  agreement(command: Keyed<{ id: string }>): Promise<Answer<AgreementView>> {
    const { id } = command.body;
    return this.keyed(command, 'agreement_end', async () => {
      const row = await this.ending.byPartner(command.origin.partner, id);
      return agreementView(row, this.config.livemode);
    });
  }

  /** @throws Problem not_found for another partner's */
  linkedNumber(command: Keyed<{ id: string }>): Promise<Answer<LinkedNumberView>> {
    const { id } = command.body;
    return this.keyed(command, 'linked_end', async () => {
      const row = await this.store.findLinked(id);
      if (!row || row.partner !== command.origin.partner) throw new Problem('not_found');
      return linkedNumberView(await this.links.byPartner(row), this.config.livemode);
    });
  }

  private keyed<T>({ origin, idempotencyKey: key, body }: Keyed<{ id: string }>, kind: string, work: () => Promise<T>) {
    const done = async (): Promise<Answer<T>> => ({ status: 200, body: await work(), replayed: false });
    return this.answers.execute<T>(
      { scope: scopeOf(origin, null), key, kind, body },
      {
        first: async (guard) => {
          const answer = await done();
          const kept = await this.door.begin({ do: 'object', guard: { ...guard, object_id: body.id }, statements: [] });
          if (kept.result === 'seen') throw new KeySeen(kept.key);
          return answer;
        },
        current: done,
      },
    );
  }
}
