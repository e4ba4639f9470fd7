import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { gsm7Letters } from '@yidian/smpp';
import { request } from 'undici';
import type { GatewayConfig } from '../../gateway.config';
import { SmsSender } from '../../notifications/sms-sender';
import type { Carried, Parting, SmsWire } from '../../notifications/sms-wire';
import { CONFIG } from '../../platform';

const ANSWER_MS = 4_500;

/** Texts by a gateway's own door, in Kannel's words (cgi-bin/sendsms): from, to, text, coding, charset, and dlr-mask off. */
@Injectable()
export class CarryByGet implements SmsWire, OnApplicationBootstrap {
  constructor(
    private readonly sms: SmsSender,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.SMS_SEND_URL && !this.config.SMPP_URL) this.sms.use(this);
  }

  /** 202 with `0:` (handed on) or `3:` (queued and kept) is taken; other answers in the 400s are a refusal for good. */
  async carry({ to, text }: Parting): Promise<Carried> {
    const url = new URL(this.config.SMS_SEND_URL ?? '');
    url.searchParams.set('from', this.config.SMS_SERVICE_NUMBER);
    url.searchParams.set('to', this.config.SMS_COUNTRY_CODE + to);
    url.searchParams.set('text', text);
    url.searchParams.set('charset', 'UTF-8');
    if (!gsm7Letters(text)) url.searchParams.set('coding', '2');
    const { statusCode, body } = await request(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    const said = await body.text();
    if (statusCode >= 200 && statusCode < 300) return /^[12]:/.test(said) ? 'refused' : 'taken';
    return statusCode >= 400 && statusCode < 500 && ![403, 408, 429].includes(statusCode) ? 'refused' : 'later';
  }
}
