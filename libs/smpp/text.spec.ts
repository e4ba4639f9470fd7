import fc from 'fast-check';
import { ESM, TAG } from './commands';
import { decodeGsm7, gsm7Letters } from './gsm7';
import { incomingOf } from './incoming';
import { decodePdu, encodePdu, is } from './pdu';
import { readReceipt, receiptText, receiptTlvs } from './receipt';
import { Reassembly } from './reassembly';
import { segmentCount, segmentsOf, type LongBy, type Segment } from './segments';
import { decodeText, encodeText } from './text';
import { readHeader, writeHeader } from './user-data-header';

const WAYS: LongBy[] = ['udh8', 'udh16', 'sar', 'payload'];

function delivered({ tlvs, ...body }: Segment, from = '13800001234') {
  const pdu = decodePdu(
    encodePdu('deliver_sm', 1, { ...body, source_addr: from, destination_addr: '10086' }, { tlvs }),
  );
  if (!is(pdu, 'deliver_sm')) throw new Error('not a deliver_sm');
  return incomingOf(pdu);
}

describe('alphabets', () => {
  test('GSM 03.38: letters where they stand in its table', () => {
    expect(decodeGsm7(Buffer.from([0x00, 0x02, 0x0c, 0x11, 0x24, 0x40, 0x5f, 0x7f]))).toBe('@$ø_¤¡§à');
    expect(decodeGsm7(Buffer.from([0x1b, 0x65, 0x1b, 0x3c, 0x1b, 0x3e, 0x1b, 0x28, 0x1b, 0x14]))).toBe('€[]{^');
    expect(decodeGsm7(Buffer.from([0x1b, 0x41, 0x1b, 0x1b, 0x41, 0x1b]))).toBe('A A');
    expect(decodeGsm7(Buffer.from([0xff]))).toBe('\ufffd');
  });

  test('every letter of the default alphabet comes back', () => {
    const all = Array.from({ length: 128 }, (_, octet) => octet).filter((octet) => octet !== 0x1b);
    const text = decodeGsm7(Buffer.from(all));
    expect(new Set(text).size).toBe(127);
    expect(gsm7Letters(text)?.flat()).toEqual(all);
  });

  test.each([
    [0, '43 5a 20 35 30', 'CZ 50'],
    [1, '43 5a 20 35 30', 'CZ 50'],
    [3, '63 61 66 e9', 'café'],
    [8, '5145 503c 0035 0030', '充值50'],
    [0x10, '43 5a', 'CZ'],
    [0x11, '43 5a', 'CZ'],
    [0x18, '5145', '充'],
    [0xf0, '43 5a', 'CZ'],
    [0xf1, '43 5a', 'CZ'],
    [0xc8, '43 5a', 'CZ'],
    [0xe0, '5145', '充'],
    [4, '43 5a', null],
    [2, '43 5a', null],
    [5, '43 5a', null],
    [0x20, '43 5a', null],
    [0x14, '43 5a', null],
    [0xf4, '43 5a', null],
    [0x80, '43 5a', null],
    [8, '5145 50', null],
  ])('data_coding %d', (coding, octets, text) => {
    expect(decodeText(coding, Buffer.from(octets.replace(/ /g, ''), 'hex'))).toBe(text);
  });

  test('a centre whose default alphabet is another', () => {
    expect(decodeText(0, Buffer.from('@é', 'latin1'), 'latin1')).toBe('@é');
    expect(decodeText(0, Buffer.from('@'), 'ascii')).toBe('@');
  });

  test('what is sent is read, in the smaller alphabet that has it', () => {
    expect(encodeText('Top up [50]€').dataCoding).toBe(0);
    expect(encodeText('充值50').dataCoding).toBe(8);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        const { dataCoding, letters } = encodeText(text);
        expect(decodeText(dataCoding, Buffer.from(letters.flat()))).toBe(text);
      }),
    );
  });
});

describe('long messages', () => {
  test.each([
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    ['a'.repeat(306), 2],
    ['a'.repeat(307), 3],
    ['€'.repeat(80), 1],
    ['€'.repeat(81), 2],
    ['充'.repeat(70), 1],
    ['充'.repeat(71), 2],
    ['充'.repeat(134), 2],
    ['充'.repeat(135), 3],
    ['😀'.repeat(35), 1],
    ['😀'.repeat(36), 2],
  ])('%#: as many segments as the air has', (text, count) => expect(segmentCount(text)).toBe(count));

  test('no part is longer than the air allows, and none ends within a letter', () => {
    const texts = fc.oneof(
      fc.array(fc.constantFrom('a', '€', '[', '@')).map((parts) => parts.join('').repeat(30)),
      fc.array(fc.constantFrom('充', '😀', 'a')).map((parts) => parts.join('').repeat(20)),
    );
    fc.assert(
      fc.property(texts, fc.constantFrom<LongBy>('udh8', 'udh16', 'sar'), (text, by) => {
        for (const { short_message, data_coding, esm_class } of segmentsOf(text, by, 7)) {
          const header = esm_class === ESM.udh ? (short_message[0] ?? 0) + 1 : 0;
          const room = data_coding === 8 ? 140 - header : 160 - Math.ceil((header * 8) / 7);
          expect(short_message.length - header).toBeLessThanOrEqual(room);
          expect(decodeText(data_coding, short_message.subarray(header))).not.toMatch(
            /[\ud800-\udbff]$|^[\udc00-\udfff]/,
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  test.each(WAYS)('by %s: put together in whatever order the parts come, twice or not', (by) => {
    const text = '给妈妈充50,这是一条很长的短信。'.repeat(12);
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (order) => {
        const parts = segmentsOf(text, by, 0x1234).map((segment) => delivered(segment));
        const sorted = order.flatMap((index) => (parts[index] ? [parts[index]] : []));
        const reassembly = new Reassembly();
        const whole = [...sorted.slice(0, -1), ...sorted].map((part) => reassembly.add(part));
        const got = whole.filter((octets) => octets !== null);
        expect(got.length).toBeGreaterThanOrEqual(1);
        expect(decodeText(8, got[0] as Buffer)).toBe(text);
      }),
      { numRuns: 24 },
    );
  });

  test('parts of different senders and references are kept apart', () => {
    const reassembly = new Reassembly();
    const [one, two] = segmentsOf('a'.repeat(200), 'udh8', 1) as [Segment, Segment];
    const [, other] = segmentsOf('b'.repeat(200), 'udh8', 2) as [Segment, Segment];
    expect(reassembly.add(delivered(one))).toBeNull();
    expect(reassembly.add(delivered(other))).toBeNull();
    expect(reassembly.add(delivered(two, '13900000000'))).toBeNull();
    expect(reassembly.add(delivered(two))?.toString()).toBe('a'.repeat(200));
  });

  test('what never becomes whole is forgotten: by time, and by number', () => {
    const reassembly = new Reassembly({ groups: 3, waitMs: 1_000 });
    const first = (reference: number) => delivered(segmentsOf('a'.repeat(200), 'udh16', reference)[0] as Segment);
    for (let reference = 1; reference <= 50; reference += 1) reassembly.add(first(reference), 0);
    expect(reassembly.size).toBeLessThanOrEqual(3);
    reassembly.add(first(60), 5_000);
    expect(reassembly.size).toBe(1);
  });

  test('headers: other elements are passed over, broken ones are no header', () => {
    const port = Buffer.from([0x0b, 0x05, 0x04, 0x15, 0x81, 0x00, 0x00, 0x00, 0x03, 0x2a, 0x02, 0x01, 0x41]);
    expect(readHeader(port)).toEqual({ concat: { reference: 42, total: 2, part: 1 }, text: Buffer.from('A') });
    expect(readHeader(Buffer.from([5, 0, 3, 1, 2, 0, 0x41]))?.concat).toBeNull();
    expect(readHeader(Buffer.from([5, 0, 3, 1, 2, 3, 0x41]))?.concat).toBeNull();
    expect(readHeader(Buffer.from([9, 0, 3, 1]))).toBeNull();
    expect(readHeader(Buffer.alloc(0))).toBeNull();
    const concat = { reference: 0xbeef, total: 3, part: 2 };
    expect(readHeader(writeHeader(concat, 16))?.concat).toEqual(concat);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 30 }), (octets) => void readHeader(Buffer.from(octets))));
  });

  test('over 255 parts is refused', () => {
    expect(() => segmentsOf('a'.repeat(153 * 255 + 1), 'udh8', 1)).toThrow(RangeError);
  });
});

describe('receipts', () => {
  const receipt = { messageId: 'A1b2', state: 'DELIVRD', error: '000' } as const;

  test('by text, by optional parameters, and neither', () => {
    const text = receiptText(receipt, new Date(0), new Date(60_000));
    expect(text).toBe(
      'id:A1b2 sub:001 dlvrd:001 submit date:7001010000 done date:7001010001 stat:DELIVRD err:000 text:',
    );
    expect(readReceipt(new Map(), text)).toEqual(receipt);
    expect(readReceipt(new Map(receiptTlvs(receipt)), '')).toEqual(receipt);
    expect(readReceipt(new Map([[TAG.message_state, Buffer.from([5])]]), 'id:9 stat:DELIVRD err:01a')).toEqual({
      messageId: '9',
      state: 'UNDELIV',
      error: '01a',
    });
    expect(readReceipt(new Map(), 'id:9 stat:SOMETHING')).toBeNull();
    expect(readReceipt(new Map(), '充值50')).toBeNull();
  });
});
