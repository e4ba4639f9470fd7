import { z } from 'zod';

const fen = z.string().regex(/^-?\d{1,15}$/);
const reference = z.string().regex(/^[\x21-\x7b\x7d\x7e]{1,40}$/);

/** A difference put into a credit file on purpose. */
export const fileDamageSchema = z.discriminatedUnion('how', [
  z.object({ how: z.literal('omit'), reference }),
  z.object({ how: z.literal('amount'), reference, by: fen }),
  z.object({ how: z.literal('repeat'), reference }),
  z.object({ how: z.literal('extra'), reference, amount: fen }),
  z.object({ how: z.literal('bad_line'), text: z.string().max(200) }),
]);
export type FileDamage = z.infer<typeof fileDamageSchema>;
