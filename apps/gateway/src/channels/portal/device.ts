import { readCookie, sessionCookie } from '@yidian/http';
import { newToken } from '@yidian/security';

const COOKIE = 'yd_device';
const YEAR_S = 365 * 86_400;
const DEVICE = /^dev_[\w-]{43}$/;

/** The browser's own id, made at its first sign-in; it outlives sessions and says nothing of who sits there. */
export function deviceOf(cookies: string | undefined): string | undefined {
  const value = readCookie(cookies, COOKIE);
  return value !== undefined && DEVICE.test(value) ? value : undefined;
}

/** @returns value of Set-Cookie, the same id for as long as the browser keeps it */
export function deviceCookie(cookies: string | undefined, secure: boolean): string {
  return sessionCookie(COOKIE, deviceOf(cookies) ?? `dev_${newToken()}`, { maxAge: YEAR_S, secure });
}
