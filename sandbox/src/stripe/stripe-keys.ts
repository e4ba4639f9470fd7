import { createHmac } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const file = z.object({ rolls: z.number().int().min(0) });

/** The account's API key and its webhook secrets, from the seed; how often the secret was rolled is kept in a file. */
export class StripeKeys {
  private constructor(
    private readonly path: string,
    private readonly seed: string,
    private rolls: number,
  ) {}

  static open(path: string, seed: string): StripeKeys {
    const rolls = existsSync(path) ? file.parse(JSON.parse(readFileSync(path, 'utf8'))).rolls : 0;
    return new StripeKeys(path, seed, rolls);
  }

  get apiKey(): string {
    return `sk_test_${this.secret('api key')}`;
  }

  /** The newest first; after a roll the one before it still signs beside it, as at Stripe for up to a day. */
  get webhookSecrets(): string[] {
    const { rolls } = this;
    return [rolls, rolls - 1].filter((roll) => roll >= 0).map((roll) => `whsec_${this.secret(`webhook ${roll}`)}`);
  }

  /** @returns the new secret */
  roll(): string {
    this.rolls += 1;
    writeFileSync(this.path, JSON.stringify({ rolls: this.rolls }), { mode: 0o600 });
    return this.webhookSecrets[0] ?? '';
  }

  /** Settings of the connector `stripe` that speaks to us. */
  settings(baseUrl: string): object {
    return { apiKey: this.apiKey, webhookSecrets: this.webhookSecrets, baseUrl, filesUrl: baseUrl };
  }

  private secret(what: string): string {
    return createHmac('sha256', this.seed).update(`stripe ${what}`).digest('hex').slice(0, 40);
  }
}
