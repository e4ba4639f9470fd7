import { Inject, Injectable } from '@nestjs/common';
import { createHmac } from 'node:crypto';
import { request } from 'undici';
import type { GatewayConfig } from '../gateway.config';
import { CONFIG, LOGGER, type Logger } from '../platform';
import { Languages } from './languages';
import { PersonNumbers } from './person-number';
import { smsText, type Params, type SmsCode } from './sms-templates';
import type { Carried, Parting, SmsWire } from './sms-wire';
import { SmsStore, type SmsRow } from './sms.store';

const ANSWER_MS = 5_000;
/** A try each; after the last the message is given up: a late receipt is worth something, a late code nothing. */
const WAITS_S = [5, 15, 60, 300, 900, 3_600, 3_600, 7_200];
const CODE_WAITS_S = [5, 15, 60];

/** Messages to phones: a row first, then the message centre, again until it has taken it. */
@Injectable()
export class SmsSender {
  private running: Promise<void> | undefined;
  private wire: SmsWire | undefined;

  constructor(
    private readonly store: SmsStore,
    private readonly numbers: PersonNumbers,
    private readonly languages: Languages,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    if (config.SMSC_URL && config.SMSC_SECRET) this.wire = { carry: (parting) => this.post(parting) };
  }

  /** Another way than the signed post: SMPP, or a gateway's own door. */
  use(wire: SmsWire): void {
    this.wire = wire;
  }

  /** Without one, texts can only be handed over as the answer to what the centre brings. */
  get hasWire(): boolean {
    return this.wire !== undefined;
  }

  /** Keeps the message under its id, once, and sets it going. */
  async send(to: string, code: SmsCode, params: Params, id: string, now: Date = new Date()): Promise<void> {
    const kept = this.numbers.keep(to);
    const added = await this.store.add({
      id,
      template: code,
      to_masked: kept.masked,
      to_blind: kept.blind,
      to_sealed: kept.sealed,
      text_sealed: this.numbers.sealText(smsText(code, params, this.languages.of(kept.blind))),
      payment_no: null,
      state: 'new',
      tries: 0,
      due_at: now,
      created_at: now,
      sent_at: null,
    });
    if (added) void this.sweep();
  }

  /** Sends what is due; one run at a time in this process, any number of processes. */
  sweep(): Promise<void> {
    return (this.running ??= this.run().finally(() => (this.running = undefined)));
  }

  private async run(): Promise<void> {
    try {
      for (let rows = await this.store.due(BATCH); rows.length > 0; rows = await this.store.due(BATCH)) {
        await Promise.all(rows.map((row) => this.deliver(row)));
      }
    } catch (err) {
      this.logger.warn({ err }, 'messages wait for the next sweep');
    }
  }

  private async deliver(row: SmsRow): Promise<void> {
    const waits = row.template === 'sign_in_code' ? CODE_WAITS_S : WAITS_S;
    const wait = waits[row.tries];
    if (!(await this.store.claim(row, new Date(Date.now() + (wait ?? 60) * 1000)))) return;
    const { id, tries } = row;
    const parting = { id, to: this.numbers.open(row.to_sealed), text: this.numbers.openText(row.text_sealed), tries };
    const carried = (await this.wire?.carry(parting).catch(() => 'unknown' as const)) ?? 'later';
    if (carried === 'taken') await this.store.finish(id, 'sent');
    else if (carried === 'refused' || wait === undefined) await this.store.finish(id, 'failed');
  }

  /** The centre knows a repeated id and rings once. */
  private async post({ id, to, text }: Parting): Promise<Carried> {
    const { SMSC_URL: url = '', SMSC_SECRET: secret = '' } = this.config;
    const body = JSON.stringify({ id, to, text });
    const answer = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-smsc-signature': smscSignature(secret, body) },
      body,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    await answer.body.dump();
    return answer.statusCode === 200 ? 'taken' : 'later';
  }
}

const BATCH = 50;

/** Hex HMAC-SHA256 over the raw body; both directions of the message centre's wire. */
export const smscSignature = (secret: string, body: string | Buffer): string =>
  createHmac('sha256', secret).update(body).digest('hex');
