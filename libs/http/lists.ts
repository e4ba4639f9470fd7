import { Problem } from '@yidian/errors';
import { z } from 'zod';

/** Query parameters of every list. Extend it with filters; keep it strict. */
export const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(512).optional(),
});

export interface ListOf<T> {
  object: 'list';
  url: string;
  data: T[];
  has_more: boolean;
  next_cursor: string | null;
}

export const listSchema = <S extends z.ZodType>(item: S) =>
  z.strictObject({
    object: z.literal('list'),
    url: z.string(),
    data: z.array(item),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  });

/**
 * @param nextCursor null on the last page
 * @param hasMore given for lists that grow at their end: there the last page too has a cursor to ask again with
 */
export function listOf<T>(url: string, data: T[], nextCursor: string | null, hasMore = nextCursor !== null): ListOf<T> {
  return { object: 'list', url, data, has_more: hasMore, next_cursor: nextCursor };
}

/** A cursor is opaque to callers: where the page ended, as base64url JSON. */
export function encodeCursor(position: Record<string, string>): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

const cursorShape = z.record(z.string(), z.string());

/** @throws Problem field_invalid for a cursor we did not make or that lacks a member */
export function decodeCursor<K extends string>(cursor: string, members: readonly K[]): Record<K, string> {
  const position = cursorShape.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!position.success || members.some((member) => position.data[member] === undefined)) {
    throw new Problem('field_invalid', {
      detail: 'cursor is not one of ours',
      detailZh: 'cursor 不是本系统给出的。',
      errors: [{ pointer: '/query/cursor', code: 'field_invalid', detail: 'not one of ours' }],
    });
  }
  return position.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `expand=attempts,topup`: one level, only the names listed. */
export function expandQuery<const T extends readonly [string, ...string[]]>(names: T) {
  const one = z.enum(names);
  return z
    .string()
    .max(200)
    .transform((text, context) => {
      const wanted = z.array(one).safeParse(text.split(','));
      if (wanted.success) return wanted.data;
      context.addIssue({ code: 'custom', message: `one or more of ${names.join(', ')}` });
      return z.NEVER;
    })
    .optional();
}
