import type { PlayedGateway, Reply } from './played-gateway';

/** A browser of one customer, signed in by the code that came by text. */
export class PlayedCustomer {
  private readonly cookies = new Map<string, string>();

  private constructor(
    private readonly gateway: PlayedGateway,
    readonly number: string,
  ) {}

  static async signIn(gateway: PlayedGateway, number: string): Promise<PlayedCustomer> {
    const page = new PlayedCustomer(gateway, number);
    await gateway.database.db.run('DELETE FROM portal_code');
    await page.call('POST', 'codes', { number });
    const code = /验证码(\d{6})/.exec(await gateway.received(number, /登录验证码/))?.[1] ?? '';
    const { status } = await page.call('POST', 'sessions', { number, code });
    if (status !== 201) throw new Error(`no session: ${status}`);
    return page;
  }

  async call<T = Record<string, unknown>>(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: object,
    key?: string,
  ): Promise<Reply<T>> {
    const answer = await fetch(`${this.gateway.url}/v1/portal/${path}`, {
      method,
      headers: {
        cookie: [...this.cookies].map((pair) => pair.join('=')).join('; '),
        'x-requested-with': 'portal',
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(key ? { 'idempotency-key': key } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      this.cookies.set(name, value);
    }
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: (text === '' ? {} : JSON.parse(text)) as T };
  }
}
