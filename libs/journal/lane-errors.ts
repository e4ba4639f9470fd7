import { Poison } from '@yidian/batching';
import { DUPLICATE_KEY, errnoOf, isClosedDoor, retryable } from '@yidian/database';
import { ConnectionLost } from './lane-connection';

/**
 * What an error of a lane's transaction means.
 * again: surely not executed, the batch may run again · duplicate: a row is there already · poison: an item is at fault ·
 * closed: the server takes no writes · lost: nobody knows; only the oracle does.
 */
export type Verdict = 'again' | 'duplicate' | 'poison' | 'closed' | 'lost';

/** Statement ended by the server (KILL QUERY, statement time-outs); the transaction itself is still there. */
const INTERRUPTED = new Set([1317, 1969, 3024]);
/**
 * Connection ended by the server, commit failed half-way, result undetermined (TiDB); or a prepared statement that the server
 * knows no more (1243, 1615): another connection prepares its own.
 */
const LOST = new Set([1053, 1180, 1243, 1615, 1927, 4031, 8501]);

/** An error before COMMIT was sent. */
export function verdictBeforeCommit(error: unknown): Verdict {
  if (isLost(error)) return 'lost';
  const errno = errnoOf(error);
  if (errno === DUPLICATE_KEY) return 'duplicate';
  if (retryable(error) || INTERRUPTED.has(errno ?? -1)) return 'again';
  return isClosedDoor(error) ? 'closed' : 'poison';
}

/**
 * An error in answer to COMMIT. Certification and write conflicts are a clear no; after them a second COMMIT would answer
 * OK for nothing, so it is never repeated. Everything else is unknown.
 */
export function verdictAtCommit(error: unknown): Verdict {
  return !isLost(error) && retryable(error) ? 'again' : 'lost';
}

function isLost(error: unknown): boolean {
  if (error instanceof ConnectionLost) return true;
  if (error instanceof Poison) return false;
  const { fatal, code } = (error ?? {}) as { fatal?: unknown; code?: unknown };
  const errno = errnoOf(error);
  if (fatal === true || LOST.has(errno ?? -1)) return true;
  // Socket errors carry a negative errno or none; the driver's own say PROTOCOL_….
  return (errno !== undefined && errno < 0) || (typeof code === 'string' && /^(PROTOCOL_|E[A-Z]+$)/.test(code));
}
