/** 13900000000 → 139****0000. Anything that is not 11 digits keeps at most its last two. */
export function maskNumber(msisdn: string): string {
  return /^\d{11}$/.test(msisdn) ? `${msisdn.slice(0, 3)}****${msisdn.slice(7)}` : `****${msisdn.slice(-2)}`;
}

/** Last four of an account with the bank's name before it: 甲银行 ··8812. */
export function maskAccount(tail: string, bank = ''): string {
  return `${bank}${bank === '' ? '' : ' '}··${tail.slice(-4)}`;
}

/** 王秀兰 → 王*兰, 李明 → 李*, Anna → A**a: first and last stay, a name of two keeps its first. */
export function maskName(name: string): string {
  const letters = [...name.trim()];
  if (letters.length <= 1) return '*';
  if (letters.length === 2) return `${letters[0] ?? ''}*`;
  return `${letters[0] ?? ''}${'*'.repeat(letters.length - 2)}${letters.at(-1) ?? ''}`;
}
