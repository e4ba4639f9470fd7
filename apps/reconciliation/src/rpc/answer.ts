import { RpcException } from '@nestjs/microservices';
import type { z } from 'zod';

/** The door of every RPC call: a request that does not fit its contract is refused before anybody works on it. */
export async function answer<R, A>(schema: z.ZodType<R>, request: unknown, work: (valid: R) => Promise<A>): Promise<A> {
  const parsed = schema.safeParse(request);
  if (parsed.success) return work(parsed.data);
  // Paths and rules only: a value may be a number or a name.
  const message = parsed.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || 'request'}: ${issue.code}`)
    .join('; ');
  throw new RpcException({ status: 'error', code: 'field_invalid', message });
}
