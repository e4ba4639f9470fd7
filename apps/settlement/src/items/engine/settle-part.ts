import type { Pricing, PricedGroup } from '../pricing';
import { AT, WORDS, lastDigits, matchedRecords, numberOf } from './matched-lines';
import { SETTLED, SETTLED_WORDS, settledBytes, type SettledGroup } from './settled-lines';

/** Code → channel and partner, as reconciliation numbers them for a run. */
export type Names = ReadonlyMap<number, { channel: string; partner: string }>;

/** A line whose fee in the file is not the contract's (row 12): it has a suspense item of its own. */
export interface FeeGap {
  paymentNo: string;
  branch: string;
  acquiringBranch: string;
  channel: string;
  partner: string;
  gap: number;
}

const TWO_32 = 0x100000000;

interface Slot {
  group: PricedGroup;
  /** Its number within the segment. */
  no: number;
  netted: boolean;
}

/**
 * Settles the matched lines of one partition: each is priced and counted by its group, and its fee and commission are sealed
 * beside it. Sums go to the groups of `pricing`; a line whose fee differs comes back by name.
 */
export function settlePart(
  bytes: Buffer,
  pricing: Pricing,
  names: Names,
): { sealed: Buffer; n: number; first: number; last: number; gaps: FeeGap[] } {
  const lines = matchedRecords(bytes);
  const n = lines.length / WORDS;
  const out = new Uint32Array(n * SETTLED_WORDS);
  const slots = new Slots(pricing, names);
  const gaps: FeeGap[] = [];
  let [lowest, highest] = [TWO_32, 0];
  for (let at = 0, to = 0; at < lines.length; at += WORDS, to += SETTLED_WORDS) {
    const { group, no, netted } = slots.of(
      ...([lines[at + AT.home], lines[at + AT.acquiring], lines[at + AT.code]] as [number, number, number]),
    );
    const [low, high] = [lines[at + AT.low] as number, lines[at + AT.high] as number];
    const amount = low + high * TWO_32;
    group.settle(amount, amount);
    const gap = ((lines[at + AT.fee] as number) | 0) - (netted ? group.fee : 0);
    if (gap !== 0) gaps.push(gapOf(lines, at, group, gap));
    out[to + SETTLED.hash] = lines[at] as number;
    out[to + SETTLED.hash + 1] = lines[at + 1] as number;
    const first = lines[at + AT.first] as number;
    if (first < lowest) lowest = first;
    if (first > highest) highest = first;
    out[to + SETTLED.first] = first;
    out[to + SETTLED.next] = lines[at + AT.next] as number;
    out[to + SETTLED.last] = lastDigits(lines[at + AT.last] as number);
    out[to + SETTLED.low] = low;
    out[to + SETTLED.high] = high;
    out[to + SETTLED.fee] = word(group.fee);
    out[to + SETTLED.commission] = word(group.commission);
    out[to + SETTLED.group] = no;
  }
  return { sealed: settledBytes(out, slots.printed()), n, first: lowest, last: highest, gaps };
}

/** Fees and commissions of one line stay far below 43 million yuan; what does not fit must not be cut. */
function word(amount: number): number {
  if (amount < 0 || amount >= TWO_32) throw new Error('a fee or commission does not fit its record');
  return amount;
}

function gapOf(lines: Uint32Array, at: number, { line }: PricedGroup, gap: number): FeeGap {
  const [first, next, last] = [lines[at + AT.first], lines[at + AT.next], lines[at + AT.last]] as [
    number,
    number,
    number,
  ];
  const { branch, acquiringBranch, channel, partner } = line;
  return { paymentNo: numberOf(first, next, lastDigits(last)), branch, acquiringBranch, channel, partner, gap };
}

/** Channels and partners of one run: what a key has room for. */
const MOST_NAMES = 4_096;

/** Groups by the three numbers a record has of them; neighbours are often alike. */
class Slots {
  private readonly known = new Map<number, Slot>();
  /** Codes are hashes; their places in order of appearance are small. */
  private readonly places = new Map<number, number>();
  private home = -1;
  private acquiring = -1;
  private code = -1;
  private last: Slot | undefined;

  constructor(
    private readonly pricing: Pricing,
    private readonly names: Names,
  ) {}

  of(home: number, acquiring: number, code: number): Slot {
    if (home === this.home && acquiring === this.acquiring && code === this.code && this.last) return this.last;
    // Six digits, six digits, a place below 4096: at most 4·10^15, exact in a double.
    const key = (home * 1_000_000 + acquiring) * MOST_NAMES + this.placeOf(code);
    const slot = this.known.get(key) ?? this.add(key, home, acquiring, code);
    this.home = home;
    this.acquiring = acquiring;
    this.code = code;
    return (this.last = slot);
  }

  private placeOf(code: number): number {
    const known = this.places.get(code);
    if (known !== undefined) return known;
    const place = this.places.size;
    if (place === MOST_NAMES) throw new Error(`more than ${MOST_NAMES} channels and partners in one part`);
    this.places.set(code, place);
    return place;
  }

  printed(): SettledGroup[] {
    return [...this.known.values()].map(({ group: { line, schedule, earning, rates } }) => ({
      ...{ branch: line.branch, acquiringBranch: line.acquiringBranch, channel: line.channel, partner: line.partner },
      ...{ scheduleId: schedule.id, feePpm: String(schedule.ppm), planId: earning?.plan.id ?? '' },
      ...{ accounts: earning?.accounts ?? [], rates: rates.map(String) },
    }));
  }

  private add(key: number, home: number, acquiring: number, code: number): Slot {
    const name = this.names.get(code);
    if (!name) throw new Error(`no channel and partner of code ${code}`);
    const [branch, acquiringBranch] = [branchOf(home), branchOf(acquiring)];
    const group = this.pricing.groupOf({ branch, acquiringBranch, ...name, product: '' });
    if (group.schedule.roundPer === 'day')
      throw new Error(`${group.schedule.id} is rounded per day: line by line only`);
    const slot = { group, no: this.known.size, netted: group.schedule.collection === 'netted' };
    this.known.set(key, slot);
    return slot;
  }
}

const branchOf = (code: number): string => (code === 0 ? '' : String(code).padStart(6, '0'));
