import { Injectable } from '@nestjs/common';
import { RpcException } from '@nestjs/microservices';
import type { ItemsReply } from '@yidian/contracts';
import { Problem, type ErrorCode } from '@yidian/errors';
import { Ledger } from '@yidian/ledger';
import type { z } from 'zod';

/**
 * The door of every RPC call: checks the request by its contract, turns a row of the error book into the caller's refusal,
 * and counts what is being answered so that a shutdown can wait for it.
 */
@Injectable()
export class Door {
  private running = 0;
  private idle: (() => void)[] = [];

  constructor(private readonly ledger: Ledger) {}

  /** One answer per item, in the order of the request. */
  async items<I, A>(
    schema: z.ZodType<{ items: I[] }>,
    request: unknown,
    work: (items: I[]) => Promise<A[]>,
  ): Promise<ItemsReply<A>> {
    const items = await this.answer(schema, request, (valid) => work(valid.items));
    return { items, queueAgeMs: Math.round(this.ledger.queueAgeMs()) };
  }

  answer<R, A>(schema: z.ZodType<R>, request: unknown, work: (valid: R) => Promise<A>): Promise<A> {
    return this.run(() => {
      const parsed = schema.safeParse(request);
      if (!parsed.success) throw new Problem('field_invalid', { detail: describe(parsed.error) });
      return work(parsed.data);
    });
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

const refusal = (code: ErrorCode, message: string): RpcException =>
  new RpcException({ status: 'error', code, message });

/** Paths and rules only: a value may be a number or a name. */
function describe(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || 'request'}: ${issue.code}`)
    .join('; ');
}
