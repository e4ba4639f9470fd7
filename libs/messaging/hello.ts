import { LAYOUT } from './packed';

/**
 * How two builds find out what they have in common. A connection begins in Nest's own text form, and the first thing the
 * caller asks is whether both have the same layout of frames. Yes: from the answer on both speak in frames. Whoever does not
 * know the question (an older build, any other Nest service) says "no such handler", whoever has another layout says so in
 * the same words, and the connection stays in the text form. An older caller never asks. So every two builds understand
 * each other, and services may be exchanged one by one.
 */
export const HELLO = 'frames.hello';
const ID = 'hello';

export const hello = { id: ID, pattern: HELLO, data: { layout: LAYOUT } };
export const helloAnswer = { id: ID, response: { layout: LAYOUT }, isDisposed: true };

export function asksForFrames(message: unknown): boolean {
  const { pattern, data } = message as { pattern?: unknown; data?: { layout?: unknown } };
  return pattern === HELLO && data?.layout === LAYOUT;
}

/** Whether the peer speaks in frames; undefined when this is no answer to a hello. */
export function agreed(message: unknown): boolean | undefined {
  const { id, response } = message as { id?: unknown; response?: { layout?: unknown } };
  return id === ID ? response?.layout === LAYOUT : undefined;
}
