import fc from 'fast-check';
import { COMMANDS, STATUS, TAG, type CommandName } from './commands';
import { Frames } from './frames';
import { LAYOUTS } from './layouts';
import { decodePdu, encodePdu, is, PduError, tlv, tlvNumber, tlvText } from './pdu';

const names = Object.keys(COMMANDS) as CommandName[];
const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex');

describe('SMPP 3.4 on the wire', () => {
  /** Written out by hand from §4.1.5, §4.4.1 and §4.4.2, octet by octet. */
  const SAMPLES: [string, Buffer, ReturnType<typeof decodePdu>['body'], CommandName][] = [
    [
      'bind_transceiver',
      hex(
        '0000002f 00000009 00000000 00000001 534d505033544553 5400 7365637265743038 00 5355424d495431 00 34 01 01 00',
      ),
      {
        system_id: 'SMPP3TEST',
        password: 'secret08',
        system_type: 'SUBMIT1',
        interface_version: 0x34,
        addr_ton: 1,
        addr_npi: 1,
        address_range: '',
      },
      'bind_transceiver',
    ],
    [
      'submit_sm',
      hex(`00000033 00000004 00000000 00000002 00 00 00 3130303836 00 01 01 3133383030303031323334 00
           00 00 00 00 00 01 00 08 00 02 5145`),
      {
        service_type: '',
        source_addr_ton: 0,
        source_addr_npi: 0,
        source_addr: '10086',
        dest_addr_ton: 1,
        dest_addr_npi: 1,
        destination_addr: '13800001234',
        esm_class: 0,
        protocol_id: 0,
        priority_flag: 0,
        schedule_delivery_time: '',
        validity_period: '',
        registered_delivery: 1,
        replace_if_present_flag: 0,
        data_coding: 8,
        sm_default_msg_id: 0,
        short_message: hex('5145'),
      },
      'submit_sm',
    ],
    ['submit_sm_resp', hex('00000014 80000004 00000000 00000002 61623100'), { message_id: 'ab1' }, 'submit_sm_resp'],
    ['enquire_link', hex('00000010 00000015 00000000 00000003'), {}, 'enquire_link'],
    ['generic_nack', hex('00000010 80000000 00000003 00000000'), {}, 'generic_nack'],
  ];
  test.each(SAMPLES)('%s is read and written as the specification lays it out', (_, octets, body, command) => {
    const pdu = decodePdu(octets);
    expect(pdu.command).toBe(command);
    expect(pdu.body).toEqual(body);
    expect(encodePdu(command, pdu.sequence, body, { status: pdu.status }).toString('hex')).toBe(octets.toString('hex'));
  });

  // All but what is known by name only: there the rest of the PDU is no parameters.
  const read = names.filter((name) => !name.startsWith('submit_multi'));
  test.each(read)('%s comes back as it was written, with all fields full', (command) => {
    const body: Record<string, string | number | Buffer> = {};
    for (const field of LAYOUTS[command]) {
      body[field.name] =
        field.type === 'octet' ? 200 : field.type === 'text' ? 'x'.repeat(field.max - 1) : Buffer.alloc(254, 7);
    }
    const tlvs = [tlv(TAG.sar_msg_ref_num, 2, 0xabcd), [0x1401, Buffer.from('vendor')] as const];
    const pdu = decodePdu(encodePdu(command, 0x7fffffff, body as never, { tlvs }));
    expect(pdu).toMatchObject({ command, sequence: 0x7fffffff, status: 0 });
    expect(pdu.body).toEqual(body);
    expect(tlvNumber(pdu.tlvs, TAG.sar_msg_ref_num)).toBe(0xabcd);
    expect(tlvText(pdu.tlvs, 0x1401)).toBe('vendor');
  });

  test('a value that does not fit its field is not cut, it is refused', () => {
    expect(() => encodePdu('submit_sm', 1, { destination_addr: '1'.repeat(21) })).toThrow(RangeError);
    expect(() => encodePdu('submit_sm', 1, { short_message: Buffer.alloc(255) })).toThrow(RangeError);
    expect(() => encodePdu('bind_receiver', 1, { password: 'a\0b' })).toThrow(RangeError);
  });

  test('an answer without a body is read: a refusal never has one', () => {
    const pdu = decodePdu(encodePdu('submit_sm_resp', 9, { message_id: 'gone' }, { status: STATUS.throttled }));
    expect(pdu).toMatchObject({ status: STATUS.throttled, body: { message_id: '' } });
  });

  const good = encodePdu('deliver_sm', 5, { source_addr: '13800001234', short_message: Buffer.from('CZ 50') });
  test.each([
    ['a length that lies', Buffer.concat([hex('000000ff'), good.subarray(4)]), STATUS.invalidCommandLength],
    ['an unknown operation', hex('00000010 00000099 00000000 00000001'), STATUS.invalidCommandId],
    ['a body that is cut', withLength(good.subarray(0, good.length - 2)), STATUS.invalidMessageLength],
    [
      'a text without an end',
      withLength(Buffer.concat([good.subarray(0, 16), Buffer.alloc(30, 65)])),
      STATUS.invalidCommandLength,
    ],
    ['half an optional parameter', withLength(Buffer.concat([good, hex('0424')])), STATUS.invalidOptionalStream],
    [
      'an optional parameter past the end',
      withLength(Buffer.concat([good, hex('04240005 41')])),
      STATUS.invalidOptionalStream,
    ],
  ])('%s is told by its status', (_, octets, status) => {
    expect(() => decodePdu(octets)).toThrow(expect.objectContaining({ name: 'PduError', status }) as Error);
  });

  function withLength(octets: Buffer): Buffer {
    const copy = Buffer.from(octets);
    copy.writeUInt32BE(copy.length, 0);
    return copy;
  }

  test('whatever octets come, they are a PDU or a PduError, and what is read is written the same', () => {
    const mutated = fc
      .record({
        at: fc.nat(good.length - 1),
        octet: fc.integer({ min: 0, max: 255 }),
        tail: fc.uint8Array({ maxLength: 40 }),
      })
      .map(({ at, octet, tail }) => {
        const copy = Buffer.concat([good, tail]);
        copy[at] = octet;
        return at < 4 ? copy : withLength(copy);
      });
    const any = fc.uint8Array({ maxLength: 120 }).map((octets) => Buffer.from(octets));
    const typed = fc.tuple(fc.constantFrom(...names), fc.uint8Array({ maxLength: 80 })).map(([command, tail]) => {
      const head = encodePdu(command, 1).subarray(0, 16);
      return withLength(Buffer.concat([head, tail]));
    });
    fc.assert(
      fc.property(fc.oneof(mutated, any, typed), (octets) => {
        try {
          const pdu = decodePdu(octets);
          const again = decodePdu(
            encodePdu(pdu.command, pdu.sequence, pdu.body, { status: pdu.status, tlvs: pdu.tlvs }),
          );
          if (pdu.status === 0) expect(again.body).toEqual(pdu.body);
        } catch (error) {
          if (!(error instanceof PduError)) throw error;
          expect(error.status).toBeGreaterThan(0);
        }
      }),
      { numRuns: 20_000 },
    );
  });
});

describe('a stream of PDUs', () => {
  const sent = [1, 2, 3].map((sequence) => encodePdu('deliver_sm', sequence, { source_addr: `1380000123${sequence}` }));

  test('is cut in the same places however it arrives', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sizes) => {
        const frames = new Frames();
        const all = Buffer.concat(sent);
        const got: string[] = [];
        for (let at = 0, turn = 0; at < all.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          for (const frame of frames.push(all.subarray(at, at + size))) got.push(frame.toString('hex'));
          at += size;
        }
        expect(got).toEqual(sent.map((octets) => octets.toString('hex')));
      }),
    );
  });

  test.each([0, 15, 0x10000 * 2, 0xffffffff])('a length of %d ends it', (length) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(length);
    expect(() => [...new Frames().push(head)]).toThrow(PduError);
  });

  test('a narrowed PDU is of that operation', () => {
    expect(is(decodePdu(sent[0] as Buffer), 'submit_sm')).toBe(false);
    expect(is(decodePdu(sent[0] as Buffer), 'deliver_sm')).toBe(true);
  });
});
