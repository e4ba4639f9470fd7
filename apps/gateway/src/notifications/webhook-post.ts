import { signRequest, type SigningKey } from '@yidian/security';
import { Agent, request, type Dispatcher } from 'undici';
import { faultOfTarget, publicLookup } from './webhook-target';

/** Most of an answer that is read and kept. */
const EXCERPT_BYTES = 2_048;
const EXCERPT_CHARACTERS = 500;

export interface PostResult {
  /** Null: no answer. */
  status: number | null;
  /** Why there is none. */
  note: string;
  /** Beginning of what was answered. */
  answer: string;
}

/** One signed POST to a partner. Redirects are answers like others: a moved receiver tells us its new address, not its proxy. */
export class WebhookPost {
  private readonly agent: Agent;

  constructor(
    private readonly key: SigningKey,
    private readonly livemode: boolean,
    /** The answer's first line within this time counts. */
    private readonly answerMs = 10_000,
  ) {
    this.agent = new Agent({ connect: livemode ? { lookup: publicLookup } : {}, keepAliveTimeout: 4_000 });
  }

  async send(url: string, body: string): Promise<PostResult> {
    const fault = faultOfTarget(url, this.livemode);
    if (fault) return { status: null, note: `refused: ${fault}`, answer: '' };
    const plain = { 'content-type': 'application/json' };
    const signed = signRequest({ method: 'POST', url, headers: plain, body }, this.key);
    const signal = AbortSignal.timeout(this.answerMs);
    try {
      const answer = await request(url, {
        method: 'POST',
        headers: { ...plain, ...signed },
        body,
        signal,
        dispatcher: this.agent,
      });
      return { status: answer.statusCode, note: '', answer: await excerptOf(answer.body) };
    } catch (error) {
      return { status: null, note: reasonOf(error, signal), answer: '' };
    }
  }

  /** After the last try has ended: nothing is cut off. */
  close(): Promise<void> {
    return this.agent.close();
  }
}

/** What comes after the first line can no longer change that it was taken. */
async function excerptOf(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      if ((size += chunk.length) >= EXCERPT_BYTES) break;
    }
  } catch {
    // Cut or too slow: what has come is enough.
  }
  const text = Buffer.concat(chunks).subarray(0, EXCERPT_BYTES).toString('utf8');
  return [...text.replace(/[\p{C}\uFFFD]+/gu, ' ')].slice(0, EXCERPT_CHARACTERS).join('');
}

function reasonOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'no answer in time';
  if (!(error instanceof Error)) return 'no answer';
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? error.message : `${code}: ${error.message}`;
}
