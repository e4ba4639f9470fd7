import { NotSent } from './connector';

/** Where an error arose before a connection stood, by what was being done. */
const LOOKING_UP = new Set(['ENOTFOUND', 'EAI_AGAIN']);
const CONNECTING = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * Whether no byte of the request can have left. The name of an error is not enough: a host that becomes unreachable while
 * an answer is waited for ends the connection with the very code that a connection that never stood ends with.
 */
export function neverLeft(error: unknown): boolean {
  const { code, syscall, errors } = (error ?? {}) as { code?: unknown; syscall?: unknown; errors?: unknown };
  // Every address of the host was tried.
  if (Array.isArray(errors)) return errors.length > 0 && errors.every(neverLeft);
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return true;
  if (typeof code !== 'string') return false;
  return syscall === 'connect' ? CONNECTING.has(code) : syscall === 'getaddrinfo' && LOOKING_UP.has(code);
}

/** For errors of a request's line: undefined where something may have left. */
export function notSent(error: unknown): NotSent | undefined {
  if (!neverLeft(error)) return undefined;
  const { code } = error as { code?: unknown };
  return new NotSent(`no connection${typeof code === 'string' ? ` (${code})` : ''}`, { cause: error });
}
