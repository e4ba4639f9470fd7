import { MoneyError } from '@yidian/money';
import {
  EntryUnreadable,
  headOf,
  partOfEntry,
  wholeEntry,
  type Around,
  type Content,
  type EntryHead,
} from './camt-entry';
import { MalformedXml, textAt, type XmlNode } from './xml-tree';

/** As much of an entry as is kept for saying what it was; a batch of a million transactions is one entry. */
const KEPT_BYTES = 64 * 1024;

export interface Part {
  content: Content;
  offset: number;
  raw: Buffer;
}
export interface Bad {
  reason: string;
  offset: number;
  raw: Buffer;
  /** It says something about the whole; no money of its own is missing. */
  ofFile: boolean;
}
export interface Taken {
  lines: Part[];
  bad: Bad[];
}

interface Detail {
  node: XmlNode;
  offset: number;
  raw: Buffer;
}

/**
 * One entry while it is read. Its own members come before its transactions, so that transactions pass one by one: the first
 * is held back until it is known whether it is the only one, whose sum is then the entry's.
 */
export class OpenEntry {
  private readonly children: XmlNode[] = [];
  private readonly batch: XmlNode[] = [];
  private readonly kept: Buffer[] = [];
  private keptBytes = 0;
  private opened: EntryHead | null = null;
  private failure: string | null = null;
  private held: Detail | null = null;
  private details = 0;
  private divided = 0n;
  /** Transactions without sums: the entry stays whole. */
  private undivided = false;

  constructor(
    private readonly offset: number,
    private readonly around: Around,
  ) {}

  keep(raw: Buffer): void {
    if (this.keptBytes >= KEPT_BYTES) return;
    this.kept.push(Buffer.from(raw.subarray(0, KEPT_BYTES - this.keptBytes)));
    this.keptBytes += raw.length;
  }

  member(node: XmlNode): void {
    this.children.push(node);
  }

  batchMember(node: XmlNode): void {
    this.batch.push(node);
  }

  /** A member that could not be parsed: without it the entry is not understood. */
  broken(reason: string): void {
    this.failure ??= reason;
  }

  detail(detail: Detail): Taken {
    this.details++;
    const taken: Taken = { lines: [], bad: [] };
    if (this.details === 1) this.held = { ...detail, raw: Buffer.from(detail.raw) };
    else {
      if (this.held) this.pass(this.held, 1, taken);
      this.held = null;
      this.pass(detail, this.details, taken);
    }
    return taken;
  }

  /** A transaction that could not be parsed. */
  brokenDetail(reason: string, offset: number, raw: Buffer): Taken {
    this.details++;
    const taken: Taken = { lines: [], bad: [] };
    if (this.held) this.pass(this.held, 1, taken);
    this.held = null;
    if (!this.failure) taken.bad.push({ reason, offset, raw, ofFile: false });
    return taken;
  }

  /** @returns also the entry's head, for the statement's control totals; null when it cannot be read */
  close(): Taken & { head: EntryHead | null } {
    const taken: Taken = { lines: [], bad: [] };
    const raw = Buffer.concat(this.kept);
    const head = this.head();
    if (!head) taken.bad.push({ reason: this.failure ?? 'entry', offset: this.offset, raw, ofFile: false });
    else if (this.details < 2 || this.undivided) this.whole(head, raw, taken);
    else if (this.divided !== head.amount)
      taken.bad.push({ reason: 'transactions do not add up to their entry', offset: this.offset, raw, ofFile: true });
    if (head) this.counted(head, raw, taken);
    return { ...taken, head };
  }

  private whole(head: EntryHead, raw: Buffer, taken: Taken): void {
    try {
      taken.lines.push({ content: wholeEntry(head, this.held?.node), offset: this.offset, raw });
    } catch (error) {
      taken.bad.push({ reason: reasonOf(error), offset: this.offset, raw, ofFile: false });
    }
  }

  /** A batch that says how many it holds, and tells of some only. */
  private counted(head: EntryHead, raw: Buffer, taken: Taken): void {
    const said = textAt(head.node, 'NtryDtls', 'Btch', 'NbOfTxs');
    if (this.details === 0 || said === '' || said === String(this.details)) return;
    const batches = this.batch.filter(({ name }) => name === 'Btch').length;
    if (batches > 1 || !/^\d+$/.test(said) || Number.parseInt(said, 10) === this.details) return;
    taken.bad.push({ reason: 'the batch counts other transactions', offset: this.offset, raw, ofFile: true });
  }

  private pass(detail: Detail, index: number, taken: Taken): void {
    const head = this.head();
    if (!head || this.undivided) return;
    try {
      const content = partOfEntry(head, detail.node, index);
      if (content) {
        this.divided += content.amount;
        taken.lines.push({ content, offset: detail.offset, raw: detail.raw });
      } else if (index === 1) {
        this.undivided = true;
        const raw = Buffer.concat(this.kept);
        taken.bad.push({ reason: 'transactions without sums', offset: this.offset, raw, ofFile: true });
      } else taken.bad.push({ reason: 'transaction without a sum', ...placeOf(detail), ofFile: false });
    } catch (error) {
      taken.bad.push({ reason: reasonOf(error), ...placeOf(detail), ofFile: false });
    }
  }

  private head(): EntryHead | null {
    if (this.opened || this.failure) return this.opened;
    const details: XmlNode = { name: 'NtryDtls', attributes: {}, children: this.batch, text: '' };
    const node: XmlNode = { name: 'Ntry', attributes: {}, children: [...this.children, details], text: '' };
    try {
      this.opened = headOf(node, this.around);
    } catch (error) {
      this.failure = reasonOf(error);
    }
    return this.opened;
  }
}

function placeOf({ offset, raw }: Detail): { offset: number; raw: Buffer } {
  return { offset, raw: Buffer.from(raw) };
}

/** @throws whatever is not about the file */
export function reasonOf(error: unknown): string {
  if (error instanceof MoneyError || error instanceof EntryUnreadable || error instanceof MalformedXml)
    return error.message;
  throw error;
}
