import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BankFiles } from './bank-files';
import { whole } from '../../contract/played-file';
import { fetched, NamePattern } from './file-drop';
import { filesSettings, type FilesSettings } from './files-settings';
import { HttpsDrop } from './https-drop';
import { PlayedSftp, sshKey } from '@yidian/testing/played-sftp';

let signal: AbortSignal;
beforeEach(() => void (signal = AbortSignal.timeout(20_000)));
const ourKey = sshKey();
const createdAt = new Date('2026-11-22T12:00:00Z');
const DEBITS = {
  collectionDate: '2026-11-23',
  currency: 'CNY',
  createdAt,
  debits: [{ number: 'A1', amount: 5000n, agreementRef: 'AR1', signedOn: '2026-01-02', first: true, note: 'top-up' }],
};

describe('files over SFTP', () => {
  let bank: PlayedSftp;
  let files: BankFiles;
  const settings = (over: object = {}): FilesSettings =>
    filesSettings.parse({
      sftp: {
        host: '127.0.0.1',
        port: bank.port,
        username: 'yidian',
        privateKeyPem: ourKey,
        hostKeys: [bank.fingerprint],
        folders: { fromBank: '/out', toBank: '/in', taken: '/done' },
        ...over,
      },
      names: { statement: 'STMT_{yyyymmdd}_*.xml', noStatement: 'NONE_{date}', agreements: 'AGR_{yymmdd}.txt' },
      account: { name: 'Yidian', account: '622848', bic: 'BKCHCNBJ' },
    });
  beforeEach(async () => {
    bank = await PlayedSftp.start('yidian', ourKey);
    files = new BankFiles(settings());
  });
  afterEach(() => bank.close());

  test('the statement of a date: ready, not ready, none that day; a file still being written is passed over', async () => {
    bank.files.set('/out/STMT_20261122_001.xml.part', Buffer.from('half'));
    bank.files.set('/out/STMT_20261121_001.xml', Buffer.from('yesterday'));
    expect(await files.statement('2026-11-22', signal)).toEqual({ state: 'not_ready' });
    const content = Buffer.alloc(200_000, 'x');
    bank.files.set('/out/STMT_20261122_001.xml', content);
    const ready = await whole(files.statement('2026-11-22', signal));
    expect(ready).toMatchObject({ state: 'ready', fileName: 'STMT_20261122_001.xml' });
    expect(ready.state === 'ready' && ready.content.equals(content)).toBe(true);
    bank.files.set('/out/STMT_20261122_002.xml', content);
    await expect(files.statement('2026-11-22', signal)).rejects.toThrow('2 files');
    bank.files.set('/out/NONE_2026-11-23', Buffer.alloc(0));
    expect(await files.statement('2026-11-23', signal)).toEqual({ state: 'none_today' });
    bank.files.set('/out/AGR_261122.txt', Buffer.from('H|YA1'));
    expect(await files.agreements('2026-11-22', signal)).toMatchObject({ fileName: 'AGR_261122.txt' });
  });

  test.each<[string, (files: Map<string, Buffer>) => void]>([
    ['shrinks', (held) => held.set('/out/STMT_20261122_001.xml', Buffer.alloc(50_000, 'x'))],
    ['grows', (held) => held.set('/out/STMT_20261122_001.xml', Buffer.alloc(400_000, 'x'))],
  ])('a statement that %s while it is read is not taken', async (_what, change) => {
    bank.files.set('/out/STMT_20261122_001.xml', Buffer.alloc(200_000, 'x'));
    const file = await files.statement('2026-11-22', signal);
    change(bank.files);
    await expect(whole(file)).rejects.toThrow('changed while it was read');
  });

  test('a line that is cut while it is read, and one on which nothing comes any more: not taken', async () => {
    bank.files.set('/out/STMT_20261122_001.xml', Buffer.alloc(2_000_000, 'x'));
    bank.cutAt = 'READ';
    await expect(whole(files.statement('2026-11-22', signal))).rejects.toThrow();
    bank.cutAt = null;
    bank.silent = true;
    const patience = new AbortController();
    const file = await files.statement('2026-11-22', patience.signal);
    const read = whole(file);
    patience.abort();
    await expect(read).rejects.toThrow('the line was cut');
    await untilGone(bank);
  });

  test('the session ends with the file, also when nobody reads it to its end', async () => {
    bank.files.set('/out/STMT_20261122_001.xml', Buffer.alloc(200_000, 'x'));
    await whole(files.statement('2026-11-22', signal));
    const file = await files.statement('2026-11-22', signal);
    if (file.state === 'ready') for await (const chunk of file.content) if (chunk.length > 0) break;
    await untilGone(bank);
  });

  test('orders are written aside and renamed; sent twice they are one file', async () => {
    const sent = await files.sendDebits(DEBITS, signal);
    expect(sent).toMatchObject({ state: 'sent', fileName: `pain008_20261123_${sent.messageId}.xml` });
    expect(bank.log).toEqual([
      `OPEN /in/${sent.fileName}.part`,
      `RENAME /in/${sent.fileName}.part /in/${sent.fileName}`,
    ]);
    expect([...bank.files.keys()]).toEqual([`/in/${sent.fileName}`]);
    expect(bank.files.get(`/in/${sent.fileName}`)?.toString()).toContain('<MndtId>AR1</MndtId>');
    expect(await files.sendDebits({ ...DEBITS }, signal)).toEqual({ ...sent, state: 'already_there' });
    const taken = bank.files.get(`/in/${sent.fileName}`) ?? Buffer.alloc(0);
    bank.files.clear();
    bank.files.set(`/done/${sent.fileName}`, taken);
    expect(await files.sendDebits({ ...DEBITS }, signal)).toEqual({ ...sent, state: 'already_there' });
    expect(bank.log).toHaveLength(2);
  });

  test.each(['WRITE', 'RENAME', 'after RENAME'] as const)(
    'a line cut at %s is an error; the next try asks first and leaves one whole file',
    async (cut) => {
      bank.cutAt = cut;
      await expect(files.sendDebits(DEBITS, signal)).rejects.toThrow();
      const again = await files.sendDebits(DEBITS, signal);
      expect(again.state).toBe(cut === 'after RENAME' ? 'already_there' : 'sent');
      expect([...bank.files.keys()]).toEqual([`/in/${again.fileName}`]);
      expect(bank.files.get(`/in/${again.fileName}`)?.toString()).toMatch(/<\/Document>\n$/);
    },
  );

  test('another file under the name of ours is an error, never taken for sent', async () => {
    const { fileName } = await files.sendDebits(DEBITS, signal);
    bank.files.set(`/in/${fileName}`, Buffer.from('other'));
    await expect(files.sendDebits(DEBITS, signal)).rejects.toThrow('another file');
  });

  test('payouts leave as pain.001, and status reports come back', async () => {
    const creditor = { name: '湖北', account: '42', bic: '' };
    const transfers = [{ number: 'P1', amount: 4945n, creditor, note: 'principal' }];
    const batch = { executionDate: '2026-11-23', currency: 'CNY', createdAt, transfers };
    const { fileName } = await files.sendTransfers(batch, signal);
    expect(bank.files.get(`/in/${fileName}`)?.toString()).toContain('<InstdAmt Ccy="CNY">49.45</InstdAmt>');
    bank.files.set('/out/pain002_2.xml', Buffer.from('two'));
    bank.files.set('/out/pain002_1.xml', Buffer.from('one'));
    expect(await files.statusReports(signal)).toEqual(['pain002_1.xml', 'pain002_2.xml']);
    expect((await files.statusReport('pain002_1.xml', signal))?.toString()).toBe('one');
    expect(await files.statusReport('pain002_9.xml', signal)).toBeNull();
    await expect(files.statusReport('../etc/passwd', signal)).rejects.toThrow('no name');
  });

  test('a host with another key gets neither login nor file; a stranger’s key is not let in', async () => {
    const pinned = new BankFiles(settings({ hostKeys: [`SHA256:${'A'.repeat(43)}`] }));
    await expect(pinned.sendDebits(DEBITS, signal)).rejects.toMatchObject({ name: 'NotSent' });
    const stranger = new BankFiles(settings({ privateKeyPem: sshKey() }));
    await expect(stranger.sendDebits(DEBITS, signal)).rejects.toMatchObject({ name: 'NotSent' });
    expect(bank.logins).toBe(0);
    expect(bank.files.size).toBe(0);
  });

  test('a host that is not there: surely nothing was sent', async () => {
    const nobody = new BankFiles(settings({ port: 1, hostKeys: [bank.fingerprint] }));
    await expect(nobody.sendDebits(DEBITS, signal)).rejects.toMatchObject({ name: 'NotSent' });
  });

  test('a deadline that has passed sends nothing', async () => {
    await expect(files.sendDebits(DEBITS, AbortSignal.abort())).rejects.toThrow();
    expect(bank.files.size).toBe(0);
  });
});

async function untilGone(bank: PlayedSftp): Promise<void> {
  while (bank.open > 0) await new Promise((resolve) => setImmediate(resolve));
  expect(bank.logins).toBeGreaterThan(0);
}

describe('files over HTTPS', () => {
  let server: Server;
  let drop: HttpsDrop;
  const asked: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      if (request.url === '/f/S_2026-11-22.xml') return void response.end(request.method === 'HEAD' ? '' : 'content');
      if (request.url === '/f/cut.xml') {
        response.writeHead(200, { 'content-length': '1000' }).write('x'.repeat(500), () => response.destroy());
        return;
      }
      response.writeHead(request.url === '/f/broken' ? 503 : 404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/f/`;
    drop = new HttpsDrop({ baseUrl, authorization: 'Bearer t' });
  });
  test('a file that is cut on its way is not taken', async () => {
    const bytes = await drop.open('cut.xml', signal);
    const read = async () => {
      for await (const chunk of bytes ?? []) void chunk;
    };
    await expect(read()).rejects.toThrow();
  });

  afterAll(async () => {
    await drop.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  test('a file by its name; not there yet; an error is thrown', async () => {
    const settings = filesSettings.parse({
      https: { baseUrl: 'https://files.bank.example' },
      names: { statement: 'S_{date}.xml' },
    });
    const files = new BankFiles(settings, drop);
    expect(files.takesOrders).toBe(false);
    expect(await whole(files.statement('2026-11-22', signal))).toEqual({
      state: 'ready',
      fileName: 'S_2026-11-22.xml',
      content: Buffer.from('content'),
    });
    expect(await files.statement('2026-11-23', signal)).toEqual({ state: 'not_ready' });
    expect(asked).toContain('GET /f/S_2026-11-22.xml Bearer t');
    await expect(fetched(drop, 'broken', signal)).rejects.toThrow('HTTP 503');
    await expect(files.statusReports(signal)).rejects.toThrow('cannot be listed');
    await expect(drop.send()).rejects.toThrow('cannot be sent');
  });
});

test('settings name exactly one way, over TLS, and well-formed names', () => {
  const https = { baseUrl: 'https://files.bank.example' };
  expect(filesSettings.safeParse({ https }).success).toBe(true);
  for (const wrong of [
    {},
    { https: { baseUrl: 'http://files.bank.example' } },
    { https, names: { statement: '../x' } },
  ])
    expect(filesSettings.safeParse(wrong).success).toBe(false);
  const pattern = new NamePattern('a.{yymmdd}*', '2026-11-22');
  expect(['a.261122', 'a.261122_1', 'ax261122', 'a.261122/x'].map((name) => pattern.fits(name))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
