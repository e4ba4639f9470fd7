import { createHash } from 'node:crypto';
import type { Redis } from '../platform';
import type { Rate } from './local-rates';

/** What a partner may do a second; one object for all its calls. */
export interface Share {
  /** Of its bucket in Redis. */
  name: string;
  rate: Rate;
}

export interface GateRequest {
  share: Share;
  keyId: string;
  nonce: string;
  /** Seconds since 1970. */
  created: number;
  /** A replay does no harm without the nonce: a read, or a write that the database's own key guards. */
  guarded: boolean;
}

/** In the order of the script's numbers. */
export const OUTCOMES = ['ok', 'expired', 'reused', 'limited'] as const;
export interface Verdict {
  outcome: (typeof OUTCOMES)[number];
  /** Calls left when ok, milliseconds to the next one when limited. */
  count: number;
}

/**
 * A nonce is good once, a partner has its share of calls: both in one atomic step in Redis, for all calls that arrived
 * together: the step itself costs more than what it does for one of them.
 * KEYS epoch, the buckets, a nonce per call · ARGV nonce's life in s, number of buckets, per bucket tokens a second and
 * burst, per call created and its bucket's index. Returns per call a number of OUTCOMES and a count.
 * The epoch is when Redis last began empty: nonces seen before it are forgotten, so signatures made before it are refused.
 */
const SCRIPT = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local epoch = redis.call('GET', KEYS[1])
if not epoch then
  epoch = math.floor(now / 1000) + 1
  redis.call('SET', KEYS[1], epoch)
end
epoch = tonumber(epoch)
local life, buckets = ARGV[1], tonumber(ARGV[2])
local tokens, rates, used = {}, {}, {}
for b = 1, buckets do
  local rate, burst = tonumber(ARGV[1 + 2 * b]), tonumber(ARGV[2 + 2 * b])
  local state = redis.call('HMGET', KEYS[1 + b], 'tokens', 'at')
  local left = tonumber(state[1]) or burst
  tokens[b] = math.min(burst, left + math.max(0, now - (tonumber(state[2]) or now)) * rate / 1000)
  rates[b] = rate
end
local answers, before = {}, 1 + buckets
for i = 1, #KEYS - before do
  local at = 2 * before + 2 * i
  local b = tonumber(ARGV[at])
  local outcome, count = 0, 0
  if tonumber(ARGV[at - 1]) < epoch then
    outcome = 1
  elseif tokens[b] < 1 then
    outcome, count = 3, math.ceil((1 - tokens[b]) * 1000 / rates[b])
  elseif not redis.call('SET', KEYS[before + i], 1, 'NX', 'EX', life) then
    outcome = 2
  else
    tokens[b] = tokens[b] - 1
    used[b] = true
    count = math.floor(tokens[b])
  end
  answers[2 * i - 1], answers[2 * i] = outcome, count
end
for b in pairs(used) do
  local rate, burst = tonumber(ARGV[1 + 2 * b]), tonumber(ARGV[2 + 2 * b])
  redis.call('HSET', KEYS[1 + b], 'tokens', tostring(tokens[b]), 'at', now)
  redis.call('PEXPIRE', KEYS[1 + b], math.ceil(burst / rate * 1000) + 1000)
end
return answers
`;
const SHA1 = createHash('sha1').update(SCRIPT).digest('hex');

/** One slot for all of them, so that the script also runs on a cluster. */
const TAG = '{nonce}';
export const EPOCH_KEY = `${TAG}:epoch`;

export const shareOf = (partner: string, bucket: 'calls' | 'numbers', rate: Rate): Share => ({
  name: `${TAG}:rate:${partner}:${bucket}`,
  rate,
});

/** Longer than the window on both sides of our clock. */
const NONCE_LIFE_S = 660;

/** One step for all; verdicts in the order of the calls. Rejects when Redis did not answer. */
export async function askGate(redis: Redis, calls: readonly GateRequest[]): Promise<Verdict[]> {
  const buckets = new Map<string, { index: number; rate: Rate }>();
  const nonces: string[] = [];
  const perCall: number[] = [];
  for (const { share, keyId, nonce, created } of calls) {
    let known = buckets.get(share.name);
    if (!known) buckets.set(share.name, (known = { index: buckets.size + 1, rate: share.rate }));
    nonces.push(`${TAG}:${keyId}:${nonce}`);
    perCall.push(created, known.index);
  }
  const rates = [...buckets.values()].flatMap(({ rate }) => [rate.perSecond, rate.burst]);
  const keys = [EPOCH_KEY, ...buckets.keys(), ...nonces];
  const numbers = await run(redis, keys, [NONCE_LIFE_S, buckets.size, ...rates, ...perCall]);
  return calls.map((_, i) => ({
    outcome: OUTCOMES[numbers[2 * i] ?? -1] ?? 'expired',
    count: numbers[2 * i + 1] ?? 0,
  }));
}

/** By its hash, which is shorter; a Redis that was restarted is told the text again. */
async function run(redis: Redis, keys: string[], args: number[]): Promise<number[]> {
  try {
    return (await redis.evalsha(SHA1, keys.length, ...keys, ...args)) as number[];
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return (await redis.eval(SCRIPT, keys.length, ...keys, ...args)) as number[];
  }
}
