import { EventEmitter } from 'node:events';
import { randomUUID } from 'node:crypto';
import type { NdjsonLog } from '../journal/ndjson-log';

export interface ShortMessage {
  id: string;
  /** `in`: the phone received it; `out`: the phone sent it. */
  way: 'in' | 'out';
  number: string;
  text: string;
  at: string;
}

type Listener = (message: ShortMessage) => void;

/** Every phone of the country: an inbox each, kept across restarts, and a feed of what comes next. */
export class Phones {
  private readonly boxes = new Map<string, ShortMessage[]>();
  private readonly seen = new Set<string>();
  private readonly feed = new EventEmitter().setMaxListeners(0);

  constructor(private readonly log: NdjsonLog<ShortMessage>) {
    log.replay((message) => this.keep(message));
  }

  /** A message from the gateway's side; the SMSC may be told twice, the phone rings once. */
  receive(id: string, number: string, text: string): void {
    this.put({ id, way: 'in', number, text, at: new Date().toISOString() });
  }

  sent(id: string, number: string, text: string): void {
    this.put({ id, way: 'out', number, text, at: new Date().toISOString() });
  }

  inbox(number: string): readonly ShortMessage[] {
    return this.boxes.get(number) ?? [];
  }

  /** Calls back for every message from now on; returns how to stop. */
  listen(listener: Listener): () => void {
    this.feed.on('message', listener);
    return () => this.feed.off('message', listener);
  }

  /**
   * The first message received after position `from` of the inbox that fits, or null when the time is over.
   * Looks at what has come already, so nothing is missed between sending and waiting.
   */
  async waitFor(
    number: string,
    from: number,
    fits: (text: string) => boolean,
    ms: number,
  ): Promise<ShortMessage | null> {
    const hit = (message: ShortMessage) => message.way === 'in' && message.number === number && fits(message.text);
    const already = this.inbox(number).slice(from).find(hit);
    if (already) return already;
    return new Promise((resolve) => {
      const done = (message: ShortMessage | null) => {
        clearTimeout(timer);
        stop();
        resolve(message);
      };
      const timer = setTimeout(() => done(null), ms);
      const stop = this.listen((message) => {
        if (hit(message)) done(message);
      });
    });
  }

  private put(message: ShortMessage): void {
    if (this.seen.has(message.id)) return;
    this.log.append(message);
    this.keep(message);
    this.feed.emit('message', message);
  }

  private keep(message: ShortMessage): void {
    this.seen.add(message.id);
    const box = this.boxes.get(message.number);
    if (box) box.push(message);
    else this.boxes.set(message.number, [message]);
  }
}

export function newMessageId(): string {
  return `mo_${randomUUID()}`;
}
