import type { Answering } from '@yidian/http';
import type { Answer } from '../../payments';

/** Status and headers of a stored answer: a replay has the same status and body and says that it is one. */
export function answered<T>(reply: Pick<Answering, 'code' | 'header'>, answer: Answer<T>): T {
  void reply.code(answer.status);
  if (answer.replayed) void reply.header('idempotency-replayed', 'true');
  if (answer.retryAfter !== undefined) void reply.header('retry-after', String(answer.retryAfter));
  return answer.body;
}
