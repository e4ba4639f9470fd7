import { BOOK, Problem, type ErrorCode } from '@yidian/errors';
import { RpcUnknown } from '@yidian/messaging';
import { z } from 'zod';

const refusal = z.object({
  status: z.literal('error'),
  code: z.string().refine((code): code is ErrorCode => Object.hasOwn(BOOK, code)),
  message: z.string(),
});

/**
 * What a service refused with a row of the error book is refused here with the same row: it rolled back before it said so.
 * Everything else stays an answer that nobody has.
 */
export async function refusable<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    const told = error instanceof RpcUnknown ? refusal.safeParse(error.cause) : undefined;
    if (!told?.success) throw error;
    const { code, message } = told.data;
    const wait = code === 'busy' ? { retryAfter: 2 } : {};
    // Services say why in English only: better a reason in a foreign language than none.
    const why = message === BOOK[code].en ? {} : { detailZh: `${BOOK[code].zh}(${message})` };
    throw new Problem(code, { detail: message, ...why, ...wait }, { cause: error });
  }
}
