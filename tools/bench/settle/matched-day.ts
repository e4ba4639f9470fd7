import type { Archive, Archived } from '@yidian/archive';
import { matchedBytes, PLACE_WORDS } from '../../../apps/reconciliation/src/matching/engine/matched-file';
import {
  KIND_SHIFT,
  LAST_SHIFT,
  P_PAYMENT,
  SIDE,
  WORDS,
} from '../../../apps/reconciliation/src/matching/engine/record';
import type { Terms } from '../../../apps/settlement/src/items/terms';

export const PROVIDER = 'bank_a';
export const DAY = '2026-11-22';

const PER_PART = 150_000;
/** Amounts in fen that people pay, most of them round. */
const AMOUNTS = [1_000, 2_000, 3_000, 5_000, 5_000, 5_000, 10_000, 10_000, 20_000, 9_990, 4_321, 30_000, 50_000];
const BRANCHES = Array.from({ length: 31 }, (_, i) => 110_000 + i * 10_000);
/** Under codes as reconciliation gives them: 32 bits of a hash. */
export const NAMES: [number, { channel: string; partner: string }][] = [
  [2_759_275_430, { channel: 'sms', partner: '' }],
  [17, { channel: 'portal', partner: '' }],
  [4_294_967_295, { channel: 'auto_topup', partner: '' }],
  [3_104_947_017, { channel: 'partner_api', partner: 'demo_bank' }],
  [2_448_567_551, { channel: 'partner_api', partner: 'demo_shop' }],
];
const CODES = NAMES.map(([code]) => code);
const FEE_PPM = 3_800;
/** A line in ten thousand costs more than the contract says. */
const GAP_EVERY = 10_007;

const both = { product: '*', branch: '*', validFrom: '2026-01-01', validTo: null, rounding: 'half_up' as const };
const party = (name: string, ppm: bigint) => ({ earner: 'party' as const, party: name, ppm, tiers: [] });
const plan = {
  ...{ channel: '*', partner: '*', acquiringBranch: '*', earner: 'acquiring_branch' as const, ppm: 5_000n },
  ...{ levels: [], rest: 0, base: 'face' as const, bearer: 'home' as const, tierMode: 'marginal' as const },
  ...{ taxPpm: 60_000n, clawCapPpm: null, rounding: 'half_up' as const, validFrom: '2026-01-01', validTo: null },
};

/** One schedule with minimum and two bearers; commission to the branch that brought it, and a cascade behind a shop. */
export const TERMS: Terms = {
  provider: PROVIDER,
  date: DAY,
  schedules: [
    {
      ...both,
      ...{ id: 'bank_a-2026', provider: PROVIDER, channel: '*', base: 'charged', roundPer: 'payment', tiers: [] },
      ...{ tierMode: 'marginal', ppm: BigInt(FEE_PPM), fixed: 0n, min: 1n, cap: null, collection: 'netted' },
      refundPolicy: 'kept',
      bearers: [
        { party: 'home', ppm: 700_000n },
        { party: 'acquiring', ppm: 300_000n },
      ],
    },
  ],
  plans: [
    { ...plan, id: 'acquiring-2026' },
    {
      ...{ ...plan, id: 'shop-2026', partner: 'demo_shop', channel: 'partner_api' },
      levels: [
        { earner: 'partner', party: '', ppm: 3_000n, tiers: [] },
        party('city', 4_000n),
        party('province', 5_000n),
      ],
    },
  ],
};

export interface MatchedDay {
  segments: Archived[];
  rows: number;
  amount: bigint;
  /** Σ of the statement's fees. */
  fees: bigint;
}

/** Seals `rows` matched payments as reconciliation leaves them: partitions by hash, records by hash within each. */
export async function sealMatchedDay(
  archive: Archive,
  rows: number,
  progress: (done: number) => void,
): Promise<MatchedDay> {
  const parts = 2 ** Math.max(0, Math.ceil(Math.log2(rows / PER_PART)));
  const day: MatchedDay = { segments: [], rows, amount: 0n, fees: 0n };
  for (let part = 0, from = 0; part < parts; part++) {
    const n = Math.floor((rows * (part + 1)) / parts) - from;
    const { records, amount, fees } = recordsOf(part, parts, from, n);
    const bytes = matchedBytes([{ records, places: new Uint32Array(n * PLACE_WORDS) }]);
    day.segments.push(await archive.put(['matched', PROVIDER, DAY, `part-${part}`], bytes));
    day.amount += BigInt(amount);
    day.fees += BigInt(fees);
    from += n;
    progress(from);
  }
  return day;
}

function recordsOf(part: number, parts: number, from: number, n: number) {
  const records = new Uint32Array(n * WORDS);
  const width = 2 ** 32 / parts;
  let [amount, fees] = [0, 0];
  for (let i = 0; i < n; i++) {
    const at = i * WORDS;
    const row = from + i;
    const mixed = mix(row);
    const fen = AMOUNTS[mixed % AMOUNTS.length] as number;
    const fee = Math.max(1, Math.floor((fen * FEE_PPM + 500_000) / 1_000_000)) + (row % GAP_EVERY === 0 ? 5 : 0);
    records[at] = part * width + Math.floor((i * width) / n);
    for (let word = 1; word < 4; word++) records[at + word] = mix(row * 4 + word);
    records[at + 4] = SIDE.P | (P_PAYMENT << KIND_SHIFT) | ((row % 100) << LAST_SHIFT);
    records[at + 5] = 261_122_000 + Math.floor(row / 1_000_000_000);
    records[at + 6] = row % 1_000_000_000;
    records[at + 7] = fen;
    records[at + 9] = fee;
    records[at + 12] = BRANCHES[(mixed >>> 8) % BRANCHES.length] as number;
    records[at + 13] = BRANCHES[(mixed >>> 16) % BRANCHES.length] as number;
    records[at + 14] = CODES[(mixed >>> 24) % CODES.length] as number;
    amount += fen;
    fees += fee;
  }
  return { records, amount, fees };
}

/** Spreads a number over 32 bits. */
function mix(n: number): number {
  let x = Math.imul(n ^ (n >>> 16), 0x45d9f3b);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  return (x ^ (x >>> 13)) >>> 0;
}
