import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { LOGGER, REDIS, type Logger, type Redis } from '../platform';
import { LocalRates, type Rate, type RateState } from './local-rates';

/**
 * A nonce is good once, a partner has its share of calls: both in one atomic step in Redis.
 * KEYS epoch, nonce, bucket · ARGV created, nonce's life in s, tokens a second, burst
 * Returns verdict (ok, expired, reused, limited), tokens left, ms to the next token.
 * The epoch is when Redis last began empty: nonces seen before it are forgotten, so signatures made before it are refused.
 */
export const GATE_SCRIPT = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local epoch = redis.call('GET', KEYS[1])
if not epoch then
  epoch = math.floor(now / 1000) + 1
  redis.call('SET', KEYS[1], epoch)
end
if tonumber(ARGV[1]) < tonumber(epoch) then return {'expired', 0, 0} end
local rate, burst = tonumber(ARGV[3]), tonumber(ARGV[4])
local state = redis.call('HMGET', KEYS[3], 'tokens', 'at')
local tokens = tonumber(state[1]) or burst
tokens = math.min(burst, tokens + math.max(0, now - (tonumber(state[2]) or now)) * rate / 1000)
if tokens < 1 then return {'limited', 0, math.ceil((1 - tokens) * 1000 / rate)} end
if not redis.call('SET', KEYS[2], 1, 'NX', 'EX', ARGV[2]) then return {'reused', 0, 0} end
redis.call('HSET', KEYS[3], 'tokens', tostring(tokens - 1), 'at', now)
redis.call('PEXPIRE', KEYS[3], math.ceil(burst / rate * 1000) + 1000)
return {'ok', math.floor(tokens - 1), 0}
`;

/** One slot for all of them, so that the script also runs on a cluster. */
const TAG = '{nonce}';
export const EPOCH_KEY = `${TAG}:epoch`;

/** Longer than the window on both sides of our clock. */
const NONCE_LIFE_S = 660;

/** After a failure Redis is not asked again for so long: a hung server must not cost each call its time-out. */
const PAUSE_MS = 1_000;

export interface GateRequest {
  partner: string;
  keyId: string;
  nonce: string;
  /** Seconds since 1970. */
  created: number;
  bucket: 'calls' | 'numbers';
  rate: Rate;
  /** A replay does no harm without the nonce: a read, or a write that the database's own key guards. */
  guarded: boolean;
}

type Verdict = ['ok' | 'expired' | 'reused' | 'limited', number, number];

@Injectable()
export class NonceGate implements OnModuleInit {
  private readonly local = new LocalRates();
  private pausedUntil = 0;
  private withoutRedis = 0;

  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Sets the epoch before the first call needs it. */
  async onModuleInit(): Promise<void> {
    await this.redis.set(EPOCH_KEY, Math.floor(Date.now() / 1000) + 1, 'NX').catch(() => undefined);
  }

  /** @throws Problem nonce_reused, signature_expired, rate_limited; busy when Redis is needed and away */
  async pass(request: GateRequest): Promise<RateState> {
    const verdict = await this.ask(request);
    if (!verdict) return this.passWithoutRedis(request);
    const [outcome, left, waitMs] = verdict;
    if (outcome === 'expired') {
      throw new Problem('signature_expired', {
        detail: 'The signature is older than our memory of nonces: sign again.',
        detailZh: '签名早于随机数记录的起点,请重新签名。',
      });
    }
    if (outcome === 'reused') throw new Problem('nonce_reused');
    if (outcome === 'limited') throw new Problem('rate_limited', { retryAfter: waitMs / 1000 });
    return { limit: request.rate.burst, remaining: left };
  }

  private async ask(request: GateRequest): Promise<Verdict | undefined> {
    if (Date.now() < this.pausedUntil) return undefined;
    const keys = [
      EPOCH_KEY,
      `${TAG}:${request.keyId}:${request.nonce}`,
      `${TAG}:rate:${request.partner}:${request.bucket}`,
    ];
    try {
      const { perSecond, burst } = request.rate;
      const args = [request.created, NONCE_LIFE_S, perSecond, burst];
      return (await this.redis.eval(GATE_SCRIPT, keys.length, ...keys, ...args)) as Verdict;
    } catch (error) {
      this.pausedUntil = Date.now() + PAUSE_MS;
      this.logger.warn(
        { err: error, passed: this.withoutRedis },
        'no nonce store: guarded calls pass, others are refused',
      );
      return undefined;
    }
  }

  private passWithoutRedis(request: GateRequest): RateState {
    if (!request.guarded) throw new Problem('busy', { retryAfter: 2 });
    this.withoutRedis++;
    return this.local.take(`${request.partner}:${request.bucket}`, request.rate);
  }
}
