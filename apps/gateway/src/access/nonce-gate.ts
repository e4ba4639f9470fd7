import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Busy, GroupCommit } from '@yidian/batching';
import { Problem } from '@yidian/errors';
import { LOGGER, REDIS, type Logger, type Redis } from '../platform';
import { askGate, EPOCH_KEY, type GateRequest, type Verdict } from './gate-script';
import { LocalRates, type RateState } from './local-rates';

/** After a failure Redis is not asked again for so long: a hung server must not cost each call its time-out. */
const PAUSE_MS = 1_000;

/** Calls that may wait for Redis: as many as the HTTP door lets in. */
const GATHERED = { items: 128, queuedBatches: 16 };

/** Good once, and within the partner's share. Calls that arrive while Redis is being asked ask together next. */
@Injectable()
export class NonceGate implements OnModuleInit {
  private readonly local = new LocalRates();
  private readonly gathered: GroupCommit<GateRequest, Verdict>;
  private pausedUntil = 0;
  private withoutRedis = 0;

  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.gathered = new GroupCommit({ run: (calls) => this.ask(calls), limits: GATHERED });
  }

  /** Sets the epoch before the first call needs it. */
  async onModuleInit(): Promise<void> {
    await this.redis.set(EPOCH_KEY, Math.floor(Date.now() / 1000) + 1, 'NX').catch(() => undefined);
  }

  /** @throws Problem nonce_reused, signature_expired, rate_limited; busy when Redis is needed and away */
  async pass(request: GateRequest): Promise<RateState> {
    let verdict: Verdict;
    try {
      verdict = await this.gathered.submit(request);
    } catch (error) {
      if (error instanceof Busy) throw new Problem('busy', { retryAfter: 1 }, { cause: error });
      return this.passWithoutRedis(request);
    }
    switch (verdict.outcome) {
      case 'ok':
        return { limit: request.share.rate.burst, remaining: verdict.count };
      case 'reused':
        throw new Problem('nonce_reused');
      case 'limited':
        throw new Problem('rate_limited', { retryAfter: verdict.count / 1000 });
      case 'expired':
        throw new Problem('signature_expired', {
          detail: 'The signature is older than our memory of nonces: sign again.',
          detailZh: '签名早于随机数记录的起点,请重新签名。',
        });
    }
  }

  /** Calls that were gathered behind a failure do not wait for the next one. */
  private async ask(calls: readonly GateRequest[]): Promise<Verdict[]> {
    if (Date.now() < this.pausedUntil) throw new Error('Redis has just failed');
    try {
      return await askGate(this.redis, calls);
    } catch (error) {
      this.pausedUntil = Date.now() + PAUSE_MS;
      this.logger.warn(
        { err: error, passed: this.withoutRedis },
        'no nonce store: guarded calls pass, others are refused',
      );
      throw error;
    }
  }

  private passWithoutRedis(request: GateRequest): RateState {
    if (!request.guarded) throw new Problem('busy', { retryAfter: 2 });
    this.withoutRedis++;
    return this.local.take(request.share.name, request.share.rate);
  }
}
