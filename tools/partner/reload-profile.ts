import { stepAt, totpCode } from '@yidian/security';
import { setTimeout as sleep } from 'node:timers/promises';
import { readDemoFile } from '../../sandbox/src/demo/demo-file';
import { PlainError } from '../platform/progress';

const STEP_MS = 30_000;
const HEADERS = { 'content-type': 'application/json', 'x-requested-with': 'console' };

/** Signs in as the demo's operations clerk and has the gateway read the profile again. */
export async function reloadProfile(gateway: string, demoFile: string): Promise<void> {
  const operator = readDemoFile(demoFile).operators.find((one) => one.roles.includes('operations'));
  if (!operator) throw new PlainError('The demo has no operator with the role operations.');
  const cookie = await signIn(gateway, operator);
  const answer = await fetch(`${gateway}/v1/operations/profile_reloads`, {
    method: 'POST',
    headers: { 'x-requested-with': 'console', cookie },
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new PlainError(`The gateway would not read the profile again: ${await answer.text()}`);
}

/** A code is good once, and the front door may have used this half minute's: then the next one is taken. */
async function signIn(
  gateway: string,
  who: { username: string; password: string; totpSecret: string },
): Promise<string> {
  const now = stepAt(Date.now());
  for (const step of [now, now + 1, now + 2]) {
    await sleep(Math.max(0, (step - 1) * STEP_MS - Date.now()));
    const totp = totpCode(who.totpSecret, step * STEP_MS);
    const answer = await fetch(`${gateway}/v1/operator_sessions`, {
      method: 'POST',
      headers: HEADERS,
      body: JSON.stringify({ username: who.username, password: who.password, totp }),
      signal: AbortSignal.timeout(10_000),
    });
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
    if (answer.status === 201 && cookie) return cookie;
  }
  throw new PlainError(`Signing in as ${who.username} did not work.`);
}
