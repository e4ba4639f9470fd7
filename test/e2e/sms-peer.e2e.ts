import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlayedGateway } from '../../apps/gateway/src/testing/played-gateway';
import { freePort } from '../../apps/gateway/src/testing/played-billing';
import { NdjsonLog } from '../../sandbox/src/journal/ndjson-log';
import { Phones } from '../../sandbox/src/phones/phones';
import { SMPP_SYSTEM_ID, smppPassword } from '../../sandbox/src/smsc/smpp-account';
import { SmppCentre } from '../../sandbox/src/smsc/smpp-centre';

const ZHANG = '13800001234';
const there = spawnSync('python3', ['--version']).status === 0;
// The peer is written in Python, from the specification and without this project's library.
const ifThere = there ? describe : describe.skip;

type Event = Partial<{
  text: string;
  to: string;
  answer: number;
  status: number;
  receipt: string;
  submitted: string;
  bound: boolean;
  unbound: boolean;
  good: boolean;
  end: boolean;
}>;

/** Runs the peer to its end. @returns what it said, line by line */
function peer(args: string[]): Promise<Event[]> {
  return new Promise((resolve, reject) => {
    const child = spawn('python3', [join(__dirname, 'sms', 'peer.py'), ...args]);
    let said = '';
    let wrong = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (wrong += chunk.toString()));
    child.once('exit', (code) => {
      const events = said
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Event);
      if (code === 0) resolve(events);
      else reject(new Error(`the peer ended with ${code}: ${wrong}\n${said}`));
    });
  });
}

ifThere(there ? 'beside a peer of another hand' : 'beside a peer of another hand (skipped: no python3 here)', () => {
  test('it binds to our message centre, submits a long text, and gets its receipts', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'yd-phones-'));
    const phones = new Phones(new NdjsonLog(join(folder, 'phones.ndjson')));
    const centre = new SmppCentre(phones, 'a secret of the tests');
    const port = await centre.listen(0, '127.0.0.1');
    const text = '【一点付】已充50.00元到本机,余额86.20元。'.repeat(4);
    try {
      const account = [SMPP_SYSTEM_ID, smppPassword('a secret of the tests')];
      const events = await peer(['esme', '127.0.0.1', String(port), ...account, ZHANG, text]);
      expect(events.filter(({ receipt }) => / stat:DELIVRD err:000 /.test(receipt ?? ''))).toHaveLength(2);
      expect(events.at(-1)).toEqual({ unbound: true });
      expect(phones.inbox(ZHANG).map((message) => message.text)).toEqual([text]);
      const wrong = await peer(['esme', '127.0.0.1', String(port), SMPP_SYSTEM_ID, 'wrong', ZHANG, text]);
      expect(wrong).toEqual([expect.objectContaining({ bound: false })]);
    } finally {
      await centre.close();
      rmSync(folder, { recursive: true });
    }
  }, 60_000);

  test('our gateway binds to it: each text is answered once, whatever comes twice or breaks', async () => {
    const port = await freePort();
    const gateway = await PlayedGateway.start({ settings: { SMPP_URL: `smpp://other:handmade@127.0.0.1:${port}` } });
    try {
      gateway.billing.state.addNumber(ZHANG);
      await gateway.agreement(ZHANG);
      const events = await peer([
        ...['smsc', String(port), 'other', 'handmade', ZHANG],
        ...['again:充值41', 'until:已充41', 'mo:充值42', 'cut', 'mo:充值42', 'until:已充42'],
        ...[`mo:${'今天天气怎么样?请告诉我。'.repeat(10)}`, 'until:没看懂', 'mo:YE', 'until:本机余额'],
      ]);
      const texts = events.flatMap(({ text }) => (text === undefined ? [] : [text]));
      const count = (pattern: RegExp) => texts.filter((text) => pattern.test(text)).length;
      expect(texts.every((text) => text.startsWith('【一点付】'))).toBe(true);
      expect([count(/已充41/), count(/已充42/), count(/没看懂/), count(/本机余额/)]).toEqual([1, 1, 1, 1]);
      expect(events.filter(({ answer }) => answer !== undefined).every(({ status }) => status === 0)).toBe(true);
      const [row] = await gateway.database.db.select<{ n: bigint }>('SELECT COUNT(*) AS n FROM payment');
      expect(Number(row?.n)).toBe(2);
    } finally {
      await gateway.close();
    }
  }, 90_000);
});
