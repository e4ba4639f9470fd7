import { createHmac, timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { SERVICE_NUMBER } from '../smsc/smpp-account';
import type { SmppCentre } from '../smsc/smpp-centre';
import type { Phones } from './phones';

export const SIGNATURE_HEADER = 'x-smsc-signature';
const TRIES = 40;

export const mobileTerminated = z.object({
  id: z.string().min(1).max(100),
  to: z.string().regex(/^1\d{10}$/),
  text: z.string().min(1).max(1000),
});

/** The operator's message centre: takes messages for phones from the gateway, and brings phones' messages to it. */
export class Smsc {
  constructor(
    private readonly phones: Phones,
    private readonly gatewayUrl: string,
    private readonly secret: string,
    /** The way texts go to the gateway; null: by its signed door. */
    private readonly smpp: SmppCentre | null = null,
  ) {}

  verify(raw: Buffer, signature: string): boolean {
    const ours = Buffer.from(this.sign(raw));
    const theirs = Buffer.from(signature);
    return ours.length === theirs.length && timingSafeEqual(ours, theirs);
  }

  deliver(message: z.infer<typeof mobileTerminated>): void {
    this.phones.receive(message.id, message.to, message.text);
  }

  /**
   * Brings one message of a phone to the gateway. A message centre keeps trying under the same id until it is taken;
   * what the gateway answers in the response itself rings on the phone too.
   */
  async submit(id: string, from: string, text: string): Promise<void> {
    this.phones.sent(id, from, text);
    if (this.smpp) return this.smpp.bring(id, from, text);
    const body = JSON.stringify({ id, from, to: SERVICE_NUMBER, text, time: new Date().toISOString() });
    for (let tries = 1; ; tries += 1) {
      const answer = await this.post(body);
      if (answer?.ok) {
        const said = (await answer.text()).trim();
        if (said !== '') this.phones.receive(`${id}_reply`, from, said);
        return;
      }
      if (answer && answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
        throw new Error(`the gateway refused a message: ${answer.status} ${await answer.text()}`);
      }
      if (tries === TRIES) throw new Error('the gateway takes no messages');
      await sleep(Math.min(100 * 2 ** tries, 2_000));
    }
  }

  private async post(body: string): Promise<Response | null> {
    try {
      return await fetch(`${this.gatewayUrl}/channels/sms/mo`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', [SIGNATURE_HEADER]: this.sign(Buffer.from(body)) },
        body,
        signal: AbortSignal.timeout(15_000),
      });
    } catch {
      return null; // not taken, or taken and the answer lost: the same id makes both harmless
    }
  }

  private sign(raw: Buffer): string {
    return createHmac('sha256', this.secret).update(raw).digest('hex');
  }
}
