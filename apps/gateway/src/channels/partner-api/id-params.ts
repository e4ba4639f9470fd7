import { z } from 'zod';

/** `/{id}` of any object: opaque. */
export const idParams = z.strictObject({ id: z.string().min(1).max(64) });
export type IdParams = z.output<typeof idParams>;
