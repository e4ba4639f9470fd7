import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { toJson } from '@yidian/money';
import type { GatewayConfig } from '../gateway.config';
import { Poll } from '../notifications/poll';
import { PaymentDoor } from '../payments/payment-door';
import { CONFIG, LOGGER, type Logger } from '../platform';
import { PartnerStatements } from './partner-statements';
import { StatementsStore, type ReadyRow } from './statements.store';

const LOOK_MS = 10_000;

/** Once a partner's book is frozen its statement is made, kept by its hash, and told: at least once. */
@Injectable()
export class ReadyStatementsJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly poll: Poll;

  constructor(
    private readonly store: StatementsStore,
    private readonly statements: PartnerStatements,
    private readonly door: PaymentDoor,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.poll = new Poll(
      LOOK_MS,
      () => this.sweep(),
      (err) => logger.warn({ err }, "partners' statements"),
    );
  }

  onApplicationBootstrap(): void {
    this.poll.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poll.stop();
  }

  async sweep(): Promise<void> {
    for (const { provider, book_date: date } of await this.store.missing()) {
      const { lines, amount, sha256 } = await this.statements.make(provider, date);
      await this.store.add({ provider, book_date: date, line_count: lines, amount, sha256 });
    }
    for (const row of await this.store.untold()) await this.tell(row);
  }

  private async tell(row: ReadyRow): Promise<void> {
    const { provider, book_date: date } = row;
    for (const partner of await this.store.partnersOf(provider))
      await this.door.write({
        do: 'event',
        partner,
        objectId: `statement_${date}`,
        sequence: 1,
        type: 'statement.ready',
        previousState: null,
        body: JSON.stringify({
          id: `statement_${date}`,
          object: 'statement',
          ...{ provider, date },
          url: `/v1/statements/${date}`,
          lines: row.line_count,
          amount: toJson(row.amount),
          currency: 'CNY',
          sha256: row.sha256,
          livemode: this.config.livemode,
        }),
      });
    await this.store.told(row);
  }
}
