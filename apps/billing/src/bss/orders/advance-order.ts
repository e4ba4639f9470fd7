/**
 * One step of an order at a province. No answer is unknown and is asked about by the same reference; "not found" counts only
 * after the documented delay and twice; only then is it sent again, and only where the province promises that the same
 * reference has one effect. The call is outside any transaction; the intent and its pledge are stored before it.
 */
import { Injectable } from '@nestjs/common';
import type { Province } from '../adapters';
import { Adapters } from '../adapters';
import type { Word } from '../wire/words';
import { BookOrder } from './book-order';
import { reasonOf } from './credit.posting';
import { LOOKS_THAT_COUNT, nextDue, SECOND_LOOK_MS } from './ladder';
import { askedOf, type OrderRow } from './order';
import { OrdersStore } from './orders.store';
import { PledgeOrder } from './pledge-order';

/** Longer than the call: whoever finds the row due after it may be sure that nobody is calling any more. */
const LEASE_MS = 5_000;
const BOOK_AGAIN_MS = 5_000;
const NOT_SENT_MS = 2_000;

@Injectable()
export class AdvanceOrder {
  constructor(
    private readonly adapters: Adapters,
    private readonly orders: OrdersStore,
    private readonly pledge: PledgeOrder,
    private readonly book: BookOrder,
  ) {}

  async execute(row: OrderRow, now = new Date()): Promise<void> {
    const province = this.adapters.find(row.branch);
    if (!province) return;
    switch (row.state) {
      case 'requested':
        return row.wanted === 'give_up'
          ? this.abandon(row, 'given up before it was sent')
          : this.send(row, province, now);
      case 'sent':
      case 'unknown':
        return this.ask(row, province, now);
      case 'done':
      case 'refused':
      case 'given_up':
        return this.bookAgain(row, now);
    }
  }

  /** An end that the province's own file proves. */
  async prove(row: OrderRow, word: Extract<Word, { word: 'done' }>, evidence: string): Promise<boolean> {
    const unknown = row.state === 'sent' ? await this.orders.move(row, 'unknown', 'no answer', {}, new Date()) : row;
    return unknown !== null && this.hear(unknown, word, evidence);
  }

  private async send(row: OrderRow, province: Province, now: Date): Promise<void> {
    if (!(await this.pledge.execute(row, now))) return;
    await this.sendPledged(row, province, 'asked', now);
  }

  private async sendPledged(row: OrderRow, province: Province, evidence: string, now: Date): Promise<void> {
    const dueAt = new Date(now.getTime() + province.adapter.deadlineMs + LEASE_MS);
    const sends = { sends: row.sends + 1, sentAt: now, asked: 0, missing: 0, dueAt };
    const sent = await this.orders.move(row, 'sent', evidence, sends, now);
    if (!sent) return; // somebody else has it
    const word = await province.bss.order(askedOf(sent));
    if (word.word === 'not_sent') return this.neverLeft(row, sent, word.cause, province);
    await this.hear(sent, word, 'answer');
  }

  /** Nothing left us: as it was before, and what was out before is still unknown. */
  private async neverLeft(before: OrderRow, sent: OrderRow, cause: string, province: Province): Promise<void> {
    const now = new Date();
    const { sends, sentAt, asked, missing } = before;
    const dueAt = new Date(now.getTime() + Math.max(NOT_SENT_MS, province.bss.restMs()));
    const to = sends > 0 ? 'unknown' : 'requested';
    await this.orders.move(sent, to, 'not sent', { sends, sentAt, asked, missing, dueAt, note: cause }, now);
  }

  private async ask(row: OrderRow, province: Province, now: Date): Promise<void> {
    const dueAt = nextDue(now, row.state === 'sent' ? 0 : row.asked + 1);
    const change = { asked: row.asked + 1, dueAt };
    const claimed =
      row.state === 'sent'
        ? await this.orders.move(row, 'unknown', 'no answer', change, now)
        : await this.orders.claim(row, dueAt, { asked: change.asked }, now);
    if (!claimed) return;
    const word = await province.bss.query(askedOf(claimed));
    if (word.word === 'not_found') await this.missed(claimed, province, now);
    else await this.hear(claimed, word, 'query');
  }

  private async missed(row: OrderRow, province: Province, now: Date): Promise<void> {
    const counts = row.sentAt !== null && now.getTime() - row.sentAt.getTime() >= province.adapter.maxDelayMs;
    const missing = counts ? row.missing + 1 : row.missing;
    const note = 'not found';
    if (missing >= LOOKS_THAT_COUNT) return this.absent({ ...row, missing }, province, now);
    const soon = counts || row.dueAt === null ? new Date(now.getTime() + SECOND_LOOK_MS) : row.dueAt;
    await this.orders.claim(row, soon, { missing, note }, now);
  }

  /** Surely not carried out, by the rule that the province documents. */
  private async absent(row: OrderRow, province: Province, now: Date): Promise<void> {
    if (row.wanted === 'give_up') return this.abandon(row, 'not found twice after the documented delay');
    if (province.adapter.idempotent) return this.sendPledged(row, province, 'not found twice: again', now);
    await this.orders.claim(row, null, { missing: row.missing, note: 'not found twice: for people' }, now);
  }

  private async abandon(row: OrderRow, evidence: string): Promise<void> {
    const now = new Date();
    const dueAt = new Date(now.getTime() + BOOK_AGAIN_MS);
    const ended = await this.orders.move(row, 'given_up', evidence, { dueAt }, now);
    if (ended) await this.book.execute(ended);
  }

  /** @returns whether the order has ended by it */
  private async hear(row: OrderRow, word: Word, evidence: string): Promise<boolean> {
    const now = new Date();
    const dueAt = new Date(now.getTime() + BOOK_AGAIN_MS);
    switch (word.word) {
      case 'done': {
        const { theirId, date: theirDate, balance: balanceAfter } = word;
        return this.end(
          await this.orders.move(row, 'done', evidence, { theirId, theirDate, balanceAfter, dueAt }, now),
        );
      }
      case 'refused': {
        const change = { reason: reasonOf(word.reason), note: word.reason, dueAt };
        return this.end(await this.orders.move(row, 'refused', evidence, change, now));
      }
      case 'pending':
      case 'not_found':
      case 'not_sent':
      case 'unknown':
        await this.leaveOpen(row, word, now);
        return false;
    }
  }

  private async leaveOpen(row: OrderRow, word: Exclude<Word, { word: 'done' | 'refused' }>, now: Date): Promise<void> {
    const note = 'cause' in word ? word.cause : word.word;
    if (row.state === 'sent')
      await this.orders.move(row, 'unknown', word.word, { note, dueAt: nextDue(now, 0), asked: 0 }, now);
    else await this.orders.claim(row, row.dueAt, { note }, now);
  }

  private async end(row: OrderRow | null): Promise<boolean> {
    if (!row) return false;
    await this.book.execute(row);
    return true;
  }

  private async bookAgain(row: OrderRow, now: Date): Promise<void> {
    const claimed = await this.orders.claim(row, new Date(now.getTime() + BOOK_AGAIN_MS), {}, now);
    if (claimed) await this.book.execute(claimed);
  }
}
