import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NdjsonLog } from '../journal/ndjson-log';
import { Phones } from './phones';

const NUMBER = '13800001234';
let dir: string;
const open = () => new Phones(new NdjsonLog(join(dir, 'phones.ndjson')));

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'phones-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

it('rings once however often the centre is told, and remembers after a kill in the middle of a line', () => {
  const phones = open();
  phones.receive('m1', NUMBER, 'one');
  phones.receive('m1', NUMBER, 'one');
  appendFileSync(join(dir, 'phones.ndjson'), '{"id":"m2","way":"in","num');
  const again = open();
  expect(again.inbox(NUMBER).map((m) => m.text)).toEqual(['one']);
  again.receive('m3', NUMBER, 'three');
  expect(
    open()
      .inbox(NUMBER)
      .map((m) => m.text),
  ).toEqual(['one', 'three']);
});

it('waits for a message that fits, past or future, and not for ever', async () => {
  const phones = open();
  phones.receive('m1', NUMBER, 'code 111111');
  expect((await phones.waitFor(NUMBER, 0, (t) => t.startsWith('code'), 50))?.id).toBe('m1');
  const next = phones.waitFor(NUMBER, 1, (t) => t.startsWith('code'), 1_000);
  phones.receive('other', '13900000000', 'code 222222');
  phones.sent('mo', NUMBER, 'code please');
  phones.receive('m2', NUMBER, 'code 333333');
  expect((await next)?.id).toBe('m2');
  expect(await phones.waitFor(NUMBER, 3, () => true, 20)).toBeNull();
});
