import type { Queryable } from '@yidian/database';

/** Readiness: throws when the server could show a commit before it is safe on disk. */
export function assertDurable(_db: Queryable): Promise<void> {
  throw new Error('not there yet');
}
