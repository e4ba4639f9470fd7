import { Injectable } from '@nestjs/common';
import { RpcException } from '@nestjs/microservices';
import { MAX_ITEMS, type ItemsReply } from '@yidian/contracts';
import { Problem, type ErrorCode } from '@yidian/errors';
import { Ledger } from '@yidian/ledger';
import { Unpacked } from '@yidian/messaging';
import type { z } from 'zod';

/** What a caller gets in place of a reply: a row of the error book and one sentence. */
interface Refusal {
  status: 'error';
  code: ErrorCode;
  message: string;
}

/** The door of every RPC call: checks the request by its contract, counts what is being answered so that a shutdown can wait. */
@Injectable()
export class Frames {
  private running = 0;
  private idle: (() => void)[] = [];

  constructor(private readonly ledger: Ledger) {}

  /**
   * One answer per item, in the order of the request.
   * @param isSure says yes only where the schema does: a packed request whose items are all sure is spared the schema
   */
  async items<I, A>(
    schema: z.ZodType<{ items: I[] }>,
    request: unknown,
    work: (items: I[]) => Promise<A[]>,
    isSure?: (item: object) => boolean,
  ): Promise<ItemsReply<A>> {
    const each = async (items: I[]) => {
      const replies = await work(items);
      if (replies.length !== items.length) throw new Error('a frame was answered with another number of items');
      return replies;
    };
    const sure = isSure && request instanceof Unpacked && areSure<I>(request.items, isSure) ? request.items : null;
    const answers = sure
      ? await this.run(() => each(sure))
      : await this.answer(schema, request, ({ items }) => each(items));
    return { items: answers, queueAgeMs: Math.round(this.ledger.queueAgeMs()) };
  }

  async answer<R, A>(schema: z.ZodType<R>, request: unknown, work: (valid: R) => Promise<A>): Promise<A> {
    const parsed = schema.safeParse(request);
    if (!parsed.success) throw refusal('field_invalid', describe(parsed.error));
    return this.run(() => work(parsed.data));
  }

  async run<A>(work: () => Promise<A>): Promise<A> {
    this.running += 1;
    try {
      return await work();
    } catch (error) {
      throw error instanceof Problem ? refusal(error.code, error.message) : error;
    } finally {
      this.running -= 1;
      if (this.running === 0) this.idle.splice(0).forEach((wake) => wake());
    }
  }

  /** Resolves when nothing is being answered, at the latest after `limitMs`. */
  async drained(limitMs: number): Promise<void> {
    if (this.running === 0) return;
    let late: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (late = setTimeout(resolve, limitMs)));
    await Promise.race([limit, new Promise<void>((resolve) => this.idle.push(resolve))]);
    clearTimeout(late);
  }
}

const areSure = <I>(items: unknown[], isSure: (item: object) => boolean): items is I[] =>
  items.length > 0 &&
  items.length <= MAX_ITEMS &&
  items.every((item) => typeof item === 'object' && item !== null && isSure(item));

const refusal = (code: ErrorCode, message: string): RpcException =>
  new RpcException({ status: 'error', code, message } satisfies Refusal);

/** Paths and rules only: a value may be a number or a name. */
function describe(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || 'request'}: ${issue.code}`)
    .join('; ');
}
