import { setTimeout as sleep } from 'node:timers/promises';
import { stepAt, totpCode } from '@yidian/security';
import type { DemoFile, DemoOperator } from '../demo/demo-file';
import { Unexpected, type WebAnswer, type WebCall, type WebClient } from './web-client';

const STEP_MS = 30_000;

/**
 * The people at the carrier, signed in with password and TOTP like anybody. One session each, shared by the demo and the
 * front door's doors, because a TOTP code is good once.
 */
export class Operators {
  private readonly cookies = new Map<string, string>();
  private readonly usedStep = new Map<string, number>();
  private readonly signingIn = new Map<string, Promise<string>>();

  constructor(
    private readonly web: WebClient,
    private readonly demoFile: DemoFile,
  ) {}

  /** Cookie of a session that is alive now. */
  async session(username: string): Promise<string> {
    const cookie = this.cookies.get(username);
    if (cookie !== undefined) {
      const answer = await this.web.persist({ path: '/v1/operator_sessions/current', cookie });
      if (answer.status === 200) return cookie;
      this.cookies.delete(username);
    }
    return this.signIn(username);
  }

  /** A call in an operator's name; signs in again when the session has ended. */
  async call(username: string, call: WebCall): Promise<WebAnswer> {
    const send = async (cookie: string) => this.web.persist({ ...call, cookie, page: 'console' });
    const answer = await send(this.cookies.get(username) ?? (await this.signIn(username)));
    return answer.status === 401 ? send(await this.signIn(username)) : answer;
  }

  /** A file that the console would download. */
  async download(username: string, path: string): Promise<Buffer> {
    const cookie = await this.session(username);
    const answer = await fetch(this.web.baseUrl + path, { headers: { cookie }, signal: AbortSignal.timeout(30_000) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  private signIn(username: string): Promise<string> {
    const running = this.signingIn.get(username) ?? this.openSession(username);
    this.signingIn.set(username, running);
    return running.finally(() => this.signingIn.delete(username));
  }

  private async openSession(username: string): Promise<string> {
    const who = this.demoFile.operators.find((operator) => operator.username === username);
    if (!who) throw new Error(`nobody is called ${username}`);
    for (let tries = 1; ; tries += 1) {
      const body = { username, password: who.password, totp: await this.freshCode(who) };
      const answer = await this.web.persist({ path: '/v1/operator_sessions', body, page: 'console' });
      const cookie = answer.cookies.find((line) => line.startsWith('yd_operator='));
      if (answer.status === 201 && cookie !== undefined) {
        this.cookies.set(username, cookie);
        return cookie;
      }
      if (tries === 3) throw new Unexpected(`sign-in of ${username}`, answer);
    }
  }

  /** A code not used before: of this half minute or the next, which the platform also takes. */
  private async freshCode(who: DemoOperator): Promise<string> {
    const step = Math.max(stepAt(Date.now()), (this.usedStep.get(who.username) ?? 0) + 1);
    this.usedStep.set(who.username, step);
    const early = (step - 1) * STEP_MS - Date.now();
    if (early > 0) await sleep(early);
    return totpCode(who.totpSecret, step * STEP_MS);
  }
}
