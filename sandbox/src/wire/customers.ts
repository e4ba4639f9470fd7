import type { Phones } from '../phones/phones';
import { Unexpected, type WebAnswer, type WebCall, type WebClient } from './web-client';

const CODE = /验证码\D*(\d{6})/;
const CODE_WAIT_MS = 15_000;

/** People with a phone and a browser: sign in on the portal by a code that arrives on the phone. */
export class Customers {
  private readonly cookies = new Map<string, string>();

  constructor(
    private readonly web: WebClient,
    private readonly phones: Phones,
  ) {}

  async session(number: string): Promise<string> {
    return this.cookies.get(number) ?? (await this.signIn(number));
  }

  /** A call in a customer's name; signs in again when the session has ended. */
  async call(number: string, call: WebCall): Promise<WebAnswer> {
    const send = async (cookie: string) => this.web.persist({ ...call, cookie, page: 'portal' });
    const answer = await send(await this.session(number));
    return answer.status === 401 ? send(await this.signIn(number)) : answer;
  }

  /** A new session, whatever there was before. */
  async signIn(number: string): Promise<string> {
    for (let tries = 1; ; tries += 1) {
      const from = this.phones.inbox(number).length;
      const asked = await this.web.persist({ path: '/v1/portal/codes', body: { number }, page: 'portal' });
      if (asked.status >= 300) throw new Unexpected('sign-in code', asked);
      const message = await this.phones.waitFor(number, from, (text) => CODE.test(text), CODE_WAIT_MS);
      const code = CODE.exec(message?.text ?? '')?.[1] ?? '';
      const answer = await this.web.persist({ path: '/v1/portal/sessions', body: { number, code }, page: 'portal' });
      const cookie = answer.cookies.find((line) => line.startsWith('yd_portal='));
      if (answer.status === 201 && cookie !== undefined) {
        this.cookies.set(number, cookie);
        return cookie;
      }
      if (tries === 3) throw new Unexpected('sign-in of a customer', answer);
    }
  }
}
