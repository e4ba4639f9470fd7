import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { DirectoryArchive, type Archived } from '@yidian/archive';
import { itemsOfPayments, matchedSegments, type MatchedItem, type MatchedSegments } from '@yidian/contracts';
import { createHash } from 'node:crypto';
import { AT, WORDS } from '../items/engine/matched-lines';

interface SealedRun {
  set: MatchedSegments;
  items: readonly MatchedItem[];
}

/** Runs whose plainly matched lines lie in sealed parts, as reconciliation seals and tells them. */
export class SealedRuns {
  private readonly runs = new Map<string, SealedRun>();

  /** Parts that lie in the archive already. */
  add(runId: string, set: MatchedSegments, items: readonly MatchedItem[] = []): void {
    this.runs.set(runId, { set, items });
  }

  /** Seals matched payments, in as many parts as lists are given. */
  async seal(folder: string, runId: string, parts: readonly (readonly MatchedItem[])[]): Promise<void> {
    const archive = new DirectoryArchive(folder);
    const items = parts.flat();
    const keys = [...new Set(items.map(({ channel, partner }) => `${channel}\t${partner}`))];
    const segments: (Archived & { n: number })[] = [];
    for (const [part, lines] of parts.entries())
      segments.push({ n: lines.length, ...(await archive.put(['matched', runId, `p${part}`], bytesOf(lines))) });
    const names = keys.map((key): MatchedSegments['names'][number] => {
      const [channel = '', partner = ''] = key.split('\t');
      return [codeOf(key), { channel, partner }];
    });
    this.add(runId, { count: items.length, names, segments }, items);
  }

  set(runId: string): MatchedSegments | null {
    return this.runs.get(runId)?.set ?? null;
  }

  items(runId: string, paymentNos: readonly string[]): MatchedItem[] {
    return (this.runs.get(runId)?.items ?? []).filter(({ paymentNo }) => paymentNos.includes(paymentNo));
  }
}

@Controller()
export class SealedPeers {
  constructor(private readonly runs: SealedRuns) {}

  @MessagePattern('matched.segments')
  segments(@Payload() request: unknown): { set: MatchedSegments | null } {
    return { set: this.runs.set(matchedSegments.parse(request).runId) };
  }

  @MessagePattern('items.of_payments')
  items(@Payload() request: unknown): { items: MatchedItem[] } {
    const { runId, paymentNos } = itemsOfPayments.parse(request);
    return { items: this.runs.items(runId, paymentNos) };
  }
}

/** Records only: their reader needs neither places nor index. */
function bytesOf(lines: readonly MatchedItem[]): Buffer {
  const bytes = Buffer.alloc(64 + lines.length * WORDS * 4);
  bytes.write('YDMATCH1', 'latin1');
  bytes.writeUInt32LE(lines.length, 8);
  for (const [i, line] of lines.entries()) {
    const put = (word: number, value: number) => bytes.writeUInt32LE(value >>> 0, 64 + (i * WORDS + word) * 4);
    put(AT.hash, i);
    put(AT.last, Number(line.paymentNo.slice(18)) << 6);
    put(AT.first, Number(line.paymentNo.slice(0, 9)));
    put(AT.next, Number(line.paymentNo.slice(9, 18)));
    put(AT.low, Number(BigInt(line.amount) % 2n ** 32n));
    put(AT.high, Number(BigInt(line.amount) / 2n ** 32n));
    put(AT.fee, Number(line.fee));
    put(AT.home, Number(line.branch));
    put(AT.acquiring, Number(line.acquiringBranch));
    put(AT.code, codeOf(`${line.channel}\t${line.partner}`));
  }
  return bytes;
}

/** 32 bits of a hash, as reconciliation names channel and partner. */
const codeOf = (key: string): number => createHash('sha256').update(key).digest().readUInt32LE(0);
