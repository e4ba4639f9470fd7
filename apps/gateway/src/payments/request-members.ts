import { pointer } from '@yidian/http';
import { createHash } from 'node:crypto';

/** Pointer of each leaf of a body → short hash of its value: enough to name what differs, nothing of what was said. */
export type Members = Record<string, string>;

export function membersOf(body: unknown): Members {
  const members: Members = {};
  walk(body, [], members);
  return members;
}

function walk(value: unknown, path: readonly string[], into: Members): void {
  if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) if (inner !== undefined) walk(inner, [...path, name], into);
    return;
  }
  into[pointer(path)] = createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

/** Hash of what is asked: the kind of operation and every member, whatever their order. */
export function requestHash(kind: string, members: Members): string {
  const lines = Object.keys(members)
    .sort()
    .map((name) => `${name} ${members[name]}`);
  return createHash('sha256')
    .update([kind, ...lines].join('\n'))
    .digest('hex');
}

/** Pointers at which two bodies differ. */
export function differing(a: Members, b: Members): string[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].filter((name) => a[name] !== b[name]).sort();
}
