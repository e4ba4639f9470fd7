import { createHash } from 'node:crypto';

/** 王秀兰 → 王*兰, 李明 → 李*, 欧阳小明 → 欧**明. Lets a payer recognise the owner and tells a stranger nothing more. */
export function maskOwner(name: string): string {
  const signs = [...name.trim()];
  const first = signs[0] ?? '';
  if (signs.length <= 2) return `${first}*`;
  return `${first}${'*'.repeat(signs.length - 2)}${signs.at(-1) ?? ''}`;
}

/** Notices that a number's owner is somebody else without keeping the name; bound to the subscriber so that marks cannot be compared across rows. */
export function ownerMark(subscriberId: string, name: string): string {
  return createHash('sha256').update(`${subscriberId}\n${name.trim()}`).digest('hex');
}
