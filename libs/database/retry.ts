/** Server errors after which the whole transaction was surely not executed and may be run again (MySQL, MariaDB, TiDB, Galera). */
const RETRYABLE = new Set([1213, 1205, 1020, 8002, 8005, 8022, 9007]);

/** Unique or primary key already there. */
export const DUPLICATE_KEY = 1062;

/** The statement itself cannot be stored: too long, out of range, wrong type, a CHECK failed. */
const POISON = new Set([1406, 1264, 1366, 1048, 4025, 3819]);

/** The server takes no writes now: read-only, disk full, not in the primary component. */
const CLOSED_DOOR = new Set([1290, 1836, 1047, 1114]);

export function errnoOf(error: unknown): number | undefined {
  const candidate = (error as { errno?: unknown; driverError?: { errno?: unknown } } | null) ?? {};
  const errno = candidate.errno ?? candidate.driverError?.errno;
  return typeof errno === 'number' ? errno : undefined;
}

export const retryable = (error: unknown): boolean => RETRYABLE.has(errnoOf(error) ?? -1);
export const isDuplicateKey = (error: unknown): boolean => errnoOf(error) === DUPLICATE_KEY;
export const isPoison = (error: unknown): boolean => POISON.has(errnoOf(error) ?? -1);
export const isClosedDoor = (error: unknown): boolean => CLOSED_DOOR.has(errnoOf(error) ?? -1);
