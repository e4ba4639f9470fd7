import type { Message, RequestMessage } from '@yidian/security';
import { z } from 'zod';
import { Unusable } from './options';
import { issueOf, readJson, readRequest, requestOf } from './read-request';

const answerFile = z.looseObject({
  status: z.int().min(100).max(599),
  request: z.looseObject({}).optional(),
});

/**
 * A message of a partner: a request, or an answer where the file has a `status`. `request` is then what was answered;
 * components marked `;req` come from it.
 * @throws Unusable naming the member that does not fit
 */
export function readMessage(path: string): Message {
  const file = readJson(path);
  if (typeof file !== 'object' || file === null || !('status' in file)) return plain(readRequest(path));
  const read = answerFile.safeParse(file);
  if (!read.success) throw new Unusable(`${path}: ${issueOf(read.error)}`);
  const { status, request } = read.data;
  const { headers, body } = plain(requestOf({ method: 'GET', url: '/', ...read.data }, path));
  return { status, headers, body, request: request && plain(requestOf(request, `${path}: request`)) };
}

function plain({ method, targetUri: url, headers, body }: ReturnType<typeof requestOf>): RequestMessage {
  return { method, url, headers, body: body.length > 0 ? body : undefined };
}
