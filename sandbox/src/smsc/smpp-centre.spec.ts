import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  decodeText,
  Esme,
  ESME_DEFAULTS,
  incomingOf,
  readReceipt,
  Reassembly,
  segmentsOf,
  STATUS,
  TAG,
  tlv,
  type Receipt,
} from '@yidian/smpp';
import { NdjsonLog } from '../journal/ndjson-log';
import { Phones } from '../phones/phones';
import { Smsc } from '../phones/smsc';
import { smppPassword, smppUrl } from './smpp-account';
import { SmppCentre } from './smpp-centre';

const ZHANG = '13800001234';
const SECRET = 'a secret of the tests';

let dir: string;
let phones: Phones;
let centre: SmppCentre;
let esme: Esme;
const heard: { from: string; text: string }[] = [];
const receipts: Receipt[] = [];
let status: number;
let times = 0;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'smpp-centre-'));
  phones = new Phones(new NdjsonLog(join(dir, 'phones.ndjson')));
  centre = new SmppCentre(phones, SECRET);
  const port = await centre.listen(0, '127.0.0.1');
  heard.length = 0;
  receipts.length = 0;
  times = 0;
  status = STATUS.ok;
  const parts = new Reassembly();
  esme = new Esme(
    {
      ...ESME_DEFAULTS,
      ...{ host: '127.0.0.1', port, systemId: 'yidian', password: smppPassword(SECRET), reconnectMs: [10, 50] },
    },
    {
      deliver: (pdu) => {
        times += 1;
        const message = incomingOf(pdu);
        if (message.isReceipt) {
          const receipt = readReceipt(pdu.tlvs, message.octets.toString());
          if (receipt) receipts.push(receipt);
          return Promise.resolve(STATUS.ok);
        }
        const octets = status === STATUS.ok ? parts.add(message) : null;
        if (octets) heard.push({ from: message.from, text: decodeText(message.dataCoding, octets) ?? '' });
        return Promise.resolve(status);
      },
    },
  );
  esme.start();
  await until(() => esme.bound);
});
afterEach(async () => {
  await esme.stop();
  await centre.close();
  rmSync(dir, { recursive: true });
});

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 5_000; !holds(); await new Promise((resolve) => setTimeout(resolve, 5))) {
    if (Date.now() > end) throw new Error('it did not happen');
  }
}
const inbox = () => phones.inbox(ZHANG).filter((message) => message.way === 'in');

it('rings what is submitted, whole, once under one reference, and says that it was delivered', async () => {
  const text = '【一点付】已充50.00元到本机,余额86.20元。'.repeat(4);
  for (const reference of [7, 7, 8]) {
    for (const { tlvs, ...body } of segmentsOf(text, 'udh8', reference)) {
      const all = [...tlvs, tlv(TAG.user_message_reference, 2, reference)];
      const submitted = await esme.submit({ destination_addr: `86${ZHANG}`, registered_delivery: 1, ...body }, all);
      expect(submitted.outcome).toBe('taken');
    }
  }
  expect(inbox().map((message) => message.text)).toEqual([text, text]);
  await until(() => receipts.length >= 6);
  expect(new Set(receipts.map((receipt) => receipt.state))).toEqual(new Set(['DELIVRD']));
});

it('has no phones but those of this country', async () => {
  expect(await esme.submit({ destination_addr: '4479460000' })).toMatchObject({
    outcome: 'refused',
    status: STATUS.invalidDestination,
  });
});

it('brings a text of a phone, long or short, through whichever way was chosen', async () => {
  const smsc = new Smsc(phones, 'http://127.0.0.1:9', SECRET, centre);
  await smsc.submit('m1', ZHANG, '给妈妈充50');
  const long = '请问余额是多少'.repeat(20);
  await smsc.submit('m2', ZHANG, long);
  expect(heard).toEqual([
    { from: ZHANG, text: '给妈妈充50' },
    { from: ZHANG, text: long },
  ]);
  expect(phones.inbox(ZHANG).filter((message) => message.way === 'out')).toHaveLength(2);
});

it('brings it again until it is taken, and over the next connection', async () => {
  status = STATUS.temporaryError;
  const brought = centre.bring('m1', ZHANG, 'YE');
  await until(() => times > 1);
  centre.dropAll();
  status = STATUS.ok;
  await brought;
  expect(heard).toEqual([{ from: ZHANG, text: 'YE' }]);
});

it('gives up what is refused for good', async () => {
  status = STATUS.rejected;
  await expect(centre.bring('m1', ZHANG, 'YE')).rejects.toThrow('refused');
});

it('its address says who may bind', () => {
  expect(smppUrl(SECRET, '127.0.0.1', 2775)).toBe(`smpp://yidian:${smppPassword(SECRET)}@127.0.0.1:2775`);
  expect(smppPassword(SECRET)).toMatch(/^[0-9a-f]{8}$/);
});
