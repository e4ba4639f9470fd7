import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlayedGateway, until } from '../../apps/gateway/src/testing/played-gateway';
import { NdjsonLog } from '../../sandbox/src/journal/ndjson-log';
import { Phones } from '../../sandbox/src/phones/phones';
import { SMPP_SYSTEM_ID, smppPassword } from '../../sandbox/src/smsc/smpp-account';
import { SmppCentre } from '../../sandbox/src/smsc/smpp-centre';
import { Kannel, kannelFiles } from './sms/kannel';

const ZHANG = '13800001234';
const KEY = 'the key of the get door';
const SECRET = 'a secret of the tests';
const kannel = kannelFiles();
const there = 'root' in kannel;
// An independent peer that is not there cannot be tried; the line says why.
const ifThere = there ? describe : describe.skip;

ifThere(there ? 'beside Debian kannel' : `beside Debian kannel (skipped: ${kannel.why})`, () => {
  const root = there ? kannel.root : '';
  let gateway: PlayedGateway;
  let getUrl: string;

  beforeAll(async () => {
    gateway = await PlayedGateway.start({ settings: { SMS_GET_KEY: KEY, SMSC_URL: undefined as never } });
    gateway.billing.state.addNumber(ZHANG);
    await gateway.agreement(ZHANG);
    const members = `key=${encodeURIComponent(KEY)}&id=%I&from=%p&to=%P&text=%a&time=%t&coding=%c&charset=%C`;
    getUrl = `${gateway.url}/channels/sms/get?${members.replace(/%20/g, '+')}`;
  }, 60_000);
  afterAll(() => gateway?.close());

  const payments = async () =>
    Number((await gateway.database.db.select<{ n: bigint }>('SELECT COUNT(*) AS n FROM payment'))[0]?.n);

  test('fake centre, smsbox, our GET door: the text is paid once and the answer goes back as text', async () => {
    const box = new Kannel({ root, getUrl });
    try {
      await box.start();
      const before = await payments();
      box.fakePhone(ZHANG, '10086', 'CZ 41');
      const tell = () => box.said.join('').slice(-4_000);
      await until(async () => (await payments()) === before + 1, tell, 20_000);
      await until(() => Promise.resolve(answerIn(box.said) !== null), tell, 20_000);
      expect(answerIn(box.said)).toMatch(/^【一点付】已充41\.00元到本机,余额/);
      expect(box.said.join('')).not.toMatch(/TRY LATER|REFUSED/);
      expect(await payments()).toBe(before + 1);
    } finally {
      await box.stop();
    }
  }, 90_000);

  test('bearerbox bound to our message centre: phone, deliver_sm, GET, submit_sm, phone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'yd-phones-'));
    const phones = new Phones(new NdjsonLog(join(folder, 'phones.ndjson')));
    const centre = new SmppCentre(phones, SECRET);
    const port = await centre.listen(0, '127.0.0.1');
    const box = new Kannel({ root, getUrl, centre: { port, user: SMPP_SYSTEM_ID, password: smppPassword(SECRET) } });
    const rings = async (text: RegExp) => {
      const found = await phones.waitFor(ZHANG, 0, (said) => text.test(said), 20_000);
      return found?.text ?? `nothing: ${box.said.join('').slice(-4_000)}`;
    };
    try {
      await box.start();
      const before = await payments();
      await centre.bring('k1', ZHANG, '充值42');
      expect(await rings(/已充42\.00元到本机/)).toMatch(/^【一点付】已充42\.00元到本机,余额/);
      await centre.bring('k2', ZHANG, 'ye');
      expect(await rings(/本机余额/)).toMatch(/^【一点付】本机余额/);
      // The line breaks: bearerbox binds again, and the next text is answered.
      centre.dropAll();
      await centre.bring('k3', ZHANG, '今天天气怎么样?请告诉我'.repeat(12));
      expect(await rings(/没看懂,没有扣款/)).toMatch(/^【一点付】没看懂,没有扣款/);
      expect(await payments()).toBe(before + 1);
    } finally {
      await box.stop();
      await centre.close();
      rmSync(folder, { recursive: true });
    }
  }, 90_000);
});

/** What fakesmsc says it got: a text that is not of the GSM alphabet by the octets of its UTF-16. */
function answerIn(said: readonly string[]): string | null {
  const lines = said.filter((line) => line.startsWith('usr/lib/kannel/test/fakesmsc')).join('');
  const shown = /Got message 1: <10086 13800001234 ucs-2 (\S*?)>/.exec(lines)?.[1];
  if (shown === undefined) return null;
  const bytes = shown.replace(/%([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return new TextDecoder('utf-16be').decode(Buffer.from(bytes, 'latin1'));
}
