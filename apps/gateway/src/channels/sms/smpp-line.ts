import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Esme, ESME_DEFAULTS } from '@yidian/smpp';
import type { GatewayConfig } from '../../gateway.config';
import { SmsSender } from '../../notifications/sms-sender';
import { CONFIG, LOGGER, type Logger } from '../../platform';
import { CarryBySmpp } from './carry-by-smpp';
import { TakeDelivered } from './take-delivered';

/** The line to the message centre, for as long as this process lives. Each process binds for itself. */
@Injectable()
export class SmppLine implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly esme: Esme | undefined;

  constructor(
    private readonly carrier: CarryBySmpp,
    private readonly sms: SmsSender,
    taker: TakeDelivered,
    @Inject(CONFIG) config: GatewayConfig,
    @Inject(LOGGER) logger: Logger,
  ) {
    if (!config.SMPP_URL) return;
    const { host, port, tls, systemId, secret } = config.SMPP_URL;
    this.esme = new Esme(
      {
        ...ESME_DEFAULTS,
        ...{ host, port, tls, systemId, password: secret },
        bind: `bind_${config.SMPP_BIND}`,
        systemType: config.SMPP_SYSTEM_TYPE,
        window: config.SMPP_WINDOW,
        answerMs: config.SMPP_ANSWER_MS,
        enquireMs: config.SMPP_ENQUIRE_MS,
      },
      {
        deliver: (pdu, link) => taker.execute(pdu, link),
        state: (state, status) => logger.info({ state, status }, 'line to the message centre'),
      },
    );
  }

  onApplicationBootstrap(): void {
    if (!this.esme) return;
    this.carrier.over(this.esme);
    this.sms.use(this.carrier);
    this.esme.start();
  }

  /** Texts that are under way get their answers first. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.esme?.stop();
  }
}
