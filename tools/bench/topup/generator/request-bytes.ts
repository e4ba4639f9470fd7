import { createHash, randomBytes } from 'node:crypto';
import { signBytes, signingKey, type SigningKey } from '@yidian/security';
import { orderOf } from '../orders';
import { addressOf, type Door, type OrderBook } from './door';

/** Writes whole HTTP requests, signed as a partner's own code would (RFC 9421): nothing here knows the platform's code. */
export class RequestWriter {
  private readonly key: SigningKey | undefined;

  constructor(
    private readonly door: Door,
    private readonly book: OrderBook,
  ) {
    const { key } = door;
    this.key = key && signingKey(key.keyId, key.alg, key.material);
  }

  /** The request for orders `n … n + perRequest - 1`. */
  post(n: number): string {
    const { door } = this;
    const body = door.perRequest === 1 ? this.payment(n) : this.bulk(n);
    const idempotencyKey = `"${this.keyOf(n)}"`;
    const head = [
      `POST ${door.path} HTTP/1.1`,
      `Host: ${door.host}:${door.port}`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`, // ASCII throughout
      `Idempotency-Key: ${idempotencyKey}`,
      ...(this.key ? signed(this.key, 'POST', addressOf(door) + door.path, { body, idempotencyKey }) : []),
    ];
    return `${head.join('\r\n')}\r\n\r\n${body}`;
  }

  /** How a partner asks after a lost answer. */
  askByReference(reference: string): string {
    const { door } = this;
    const path = `/v1/payments?reference=${reference}`;
    const head = [
      `GET ${path} HTTP/1.1`,
      `Host: ${door.host}:${door.port}`,
      ...(this.key ? signed(this.key, 'GET', addressOf(door) + path, {}) : []),
    ];
    return `${head.join('\r\n')}\r\n\r\n`;
  }

  private keyOf(n: number): string {
    const { reference } = this.order(n);
    return this.door.perRequest === 1 ? reference : `bulk-${reference}`;
  }

  private order(n: number) {
    return orderOf(this.book.run, this.book.numbers.length, n);
  }

  private payment(n: number): string {
    const { reference, subscriber, amount } = this.order(n);
    return (
      `{"reference":"${reference}","number":"${this.book.numbers[subscriber]}","amount":${amount},"currency":"CNY",` +
      `"funding":{"type":"collected","taken_at":"${this.book.takenAt}","teller":"0371-22"}}`
    );
  }

  private bulk(n: number): string {
    const payments = Array.from({ length: this.door.perRequest }, (_, index) => this.payment(n + index));
    return `{"items":[${payments.join(',')}]}`;
  }
}

interface Content {
  body?: string;
  idempotencyKey?: string;
}

function signed(key: SigningKey, method: string, url: string, { body, idempotencyKey }: Content): string[] {
  const digest = body === undefined ? undefined : `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
  const covered = [
    ['@method', method],
    ['@target-uri', url],
    ...(digest === undefined ? [] : [['content-digest', digest]]),
    ...(idempotencyKey === undefined ? [] : [['idempotency-key', idempotencyKey]]),
  ];
  const created = Math.floor(Date.now() / 1000);
  const nonce = randomBytes(12).toString('base64url');
  const names = covered.map(([name]) => `"${name}"`).join(' ');
  const params = `(${names});created=${created};nonce="${nonce}";keyid="${key.keyId}"`;
  const lines = covered.map(([name, value]) => `"${name}": ${value}`);
  const base = `${lines.join('\n')}\n"@signature-params": ${params}`;
  return [
    ...(digest === undefined ? [] : [`Content-Digest: ${digest}`]),
    `Signature-Input: yd=${params}`,
    `Signature: yd=:${signBytes(key, Buffer.from(base)).toString('base64')}:`,
  ];
}
