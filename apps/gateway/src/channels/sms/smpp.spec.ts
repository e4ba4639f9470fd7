import { connect, type Socket } from 'node:net';
import {
  decodePdu,
  decodeText,
  encodePdu,
  ESM,
  Frames,
  incomingOf,
  Reassembly,
  receiptText,
  receiptTlvs,
  segmentsOf,
  Smsc,
  STATUS,
  TAG,
  tlv,
  type Bodies,
  type LongBy,
  type Pdu,
  type Session,
} from '@yidian/smpp';
import { PlayedGateway, until } from '../../testing/played-gateway';
import { freePort } from '../../testing/played-billing';
import { PartsJob } from './parts.job';
import { PartsStore } from './parts.store';

const ZHANG = '13800001234';
const LINK = { window: 10, answerMs: 5_000, enquireMs: 60_000 };

/** A message centre of the tests' own behind the real gateway, its bank and billing. */
describe('texts over SMPP', () => {
  let gateway: PlayedGateway;
  let smsc: Smsc;
  let port: number;
  let session: Session | undefined;
  const said: { to: string; text: string; from: string; reference: number | null }[] = [];
  /** What the centre does with what it is handed. */
  let take: (pdu: Pdu<'submit_sm'>) => Promise<{ status: number; messageId: string }>;
  let named = 0;

  const open = async () => {
    const parts = new Reassembly();
    const centre = new Smsc('CENTRE', LINK, {
      authenticate: ({ system_id, password }) =>
        system_id === 'yidian' && password === 'smppword' ? STATUS.ok : STATUS.invalidPassword,
      submit: async (pdu) => {
        const answer = await take(pdu as Pdu<'submit_sm'>);
        if (answer.status !== STATUS.ok) return answer;
        const message = incomingOf(pdu);
        const octets = parts.add(message);
        if (octets) {
          const { from, to, reference, dataCoding } = message;
          said.push({ from, to, reference, text: decodeText(dataCoding, octets) ?? '' });
        }
        return answer;
      },
      bound: (bound) => (session = bound),
    });
    await centre.listen(port);
    return centre;
  };
  const taken = () => Promise.resolve({ status: STATUS.ok, messageId: `id${(named += 1)}` });

  beforeAll(async () => {
    port = await freePort();
    smsc = await open();
    gateway = await PlayedGateway.start({
      settings: { SMPP_URL: `smpp://yidian:smppword@127.0.0.1:${port}`, SMPP_PARTS_MS: '1500', SMPP_ANSWER_MS: '500' },
    });
    gateway.billing.state.addNumber(ZHANG);
    take = taken;
    await until(() => Promise.resolve(session !== undefined));
    await gateway.agreement(ZHANG);
  });
  afterAll(async () => {
    await gateway.close();
    await smsc.close();
  });
  beforeEach(async () => {
    take = taken;
    said.length = 0;
    gateway.bank.play('succeed');
    await run('DELETE FROM sms_dialogue');
    await run('DELETE FROM limit_usage');
    await until(() => Promise.resolve(smsc.receiver() !== undefined));
  });

  const run = (sql: string, params: unknown[] = []) => gateway.database.db.run(sql, params);
  const count = async (sql: string, params: unknown[] = []) =>
    Number((await gateway.database.db.select<{ n: bigint }>(`SELECT COUNT(*) AS n FROM ${sql}`, params))[0]?.n);
  const payments = () => count('payment');
  const heard = async (pattern: RegExp, to = ZHANG) => {
    const find = () => said.find((one) => one.to === to && pattern.test(one.text))?.text;
    await until(
      () => Promise.resolve(find() !== undefined),
      () => said.map(({ text }) => text).join('\n'),
    );
    return find() ?? '';
  };

  type Extra = Partial<Bodies['deliver_sm']>;
  async function deliver(text: string, by: LongBy = 'udh8', extra: Extra = {}, reference?: number): Promise<number[]> {
    const statuses: number[] = [];
    for (const { tlvs, ...body } of segmentsOf(text, by, reference ?? 77)) {
      const own = reference === undefined ? [] : [tlv(TAG.user_message_reference, 2, reference)];
      const message = { source_addr: ZHANG, destination_addr: '10086', ...body, ...extra };
      const reply = await (smsc.receiver() as Session).deliver(message, [...tlvs, ...own]);
      statuses.push(reply.got === 'answer' ? reply.pdu.status : -1);
    }
    return statuses;
  }

  test('a text is taken, paid and answered over the same line', async () => {
    const before = await payments();
    expect(await deliver('充值31')).toEqual([STATUS.ok]);
    expect(await heard(/已充31\.00元到本机/)).toMatch(/^【一点付】/);
    expect(said[0]).toMatchObject({ from: '10086', to: ZHANG });
    expect(await payments()).toBe(before + 1);
  });

  test.each([
    ['+8613800001234', 'cz 32', { data_coding: 0 }],
    ['8613800001234', 'cz 33', { data_coding: 0xf0 }],
    ['008613800001234', 'cz 34', { data_coding: 0x10 }],
    [ZHANG, 'cz 35', { data_coding: 3 }],
  ])('from %s: %s', async (from, text, extra) => {
    await deliver(text, 'udh8', { ...extra, source_addr: from });
    await heard(new RegExp(`已充${text.slice(3)}\\.00元`));
  });

  test('a sender without a telephone is refused and leaves no row', async () => {
    const before = await count('sms_inbound');
    expect(await deliver('充值50', 'udh8', { source_addr: 'BANK' })).toEqual([STATUS.rejected]);
    expect(await count('sms_inbound')).toBe(before);
  });

  test('what is no text is answered, and nothing is charged', async () => {
    const before = await payments();
    await deliver('CZ 50', 'udh8', { data_coding: 4 });
    await heard(/没看懂,没有扣款/);
    expect(await payments()).toBe(before);
  });

  test.each<LongBy>(['udh8', 'udh16', 'sar', 'payload'])('a long text by %s is one message', async (by) => {
    const before = await count('sms_inbound');
    const statuses = await deliver(`${by}: ${'请帮我看看话费余额是多少谢谢'.repeat(8)}`, by);
    expect(new Set(statuses)).toEqual(new Set([STATUS.ok]));
    await heard(/没看懂,没有扣款/);
    expect(await count('sms_inbound')).toBe(before + 1);
  });

  test('parts that never come: one answer, and never half a payment', async () => {
    const before = { payments: await payments(), messages: await count('sms_inbound') };
    const [first] = segmentsOf('充值50 '.repeat(40), 'udh8', 200);
    const { tlvs, ...body } = first as NonNullable<typeof first>;
    await (smsc.receiver() as Session).deliver({ source_addr: ZHANG, ...body }, tlvs);
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    await gateway.app.get(PartsJob).sweep();
    await heard(/没看懂,没有扣款/);
    await gateway.app.get(PartsJob).sweep();
    expect(await count('sms_inbound')).toBe(before.messages + 1);
    expect(await payments()).toBe(before.payments);
  });

  describe('brought again', () => {
    const once = async (bring: () => Promise<unknown>, amount: number) => {
      const before = { payments: await payments(), messages: await count('sms_inbound') };
      await bring();
      await heard(new RegExp(`已充${amount}\\.00元`));
      expect(await payments()).toBe(before.payments + 1);
      expect(await count('sms_inbound')).toBe(before.messages + 1);
      expect(said).toHaveLength(1);
    };

    test('under the same number on the same connection', () => {
      const client = rawCentre('充值41', 9);
      return once(async () => client.deliver(2), 41);
    });

    test('while the first waits for its answer', () =>
      once(() => Promise.all([deliver('充值42'), deliver('充值42'), deliver('充值42')]), 42));

    test('over the next connection, after the first broke', () =>
      once(async () => {
        await deliver('充值43');
        smsc.dropAll();
        await until(() => Promise.resolve(smsc.receiver() === undefined));
        await until(() => Promise.resolve(smsc.receiver() !== undefined));
        await deliver('充值43');
      }, 43));

    test('with its own reference, whenever it comes', () =>
      once(async () => {
        await deliver('充值44', 'udh8', {}, 4711);
        await heard(/已充44/);
        await deliver('充值44', 'udh8', {}, 4711);
      }, 44));

    test('a long one, each part twice', async () => {
      const before = await count('sms_inbound');
      const text = `余额?${'很长的一条短信'.repeat(15)}`;
      await deliver(text, 'sar', {}, 99);
      await deliver(text, 'sar', {}, 99);
      await heard(/没看懂/);
      expect(await count('sms_inbound')).toBe(before + 1);
    });
  });

  /** Sends the same deliver_sm with the same sequence number by hand: the library never would. */
  function rawCentre(text: string, sequence: number) {
    return {
      deliver: async (times: number) => {
        await smsc.close();
        const { createServer } = await import('node:net');
        const sockets: Socket[] = [];
        let answers = 0;
        const server = createServer((socket) => {
          sockets.push(socket);
          const frames = new Frames();
          socket.on('error', () => undefined);
          socket.on('data', (chunk: Buffer) => {
            for (const frame of frames.push(chunk)) {
              const pdu = decodePdu(frame);
              if (pdu.command === 'deliver_sm_resp') answers += 1;
              if (pdu.command === 'submit_sm') {
                const message = incomingOf(pdu as Pdu<'submit_sm'>);
                said.push({ ...message, text: decodeText(message.dataCoding, message.octets) ?? '' });
                socket.write(encodePdu('submit_sm_resp', pdu.sequence, { message_id: 'raw1' }));
              }
              if (pdu.command === 'bind_transceiver') {
                socket.write(encodePdu('bind_transceiver_resp', pdu.sequence, { system_id: 'RAW' }));
                void repeat(socket);
              }
            }
          });
        });
        const repeat = async (socket: Socket) => {
          const [segment] = segmentsOf(text, 'udh8', 1);
          const { tlvs: _, ...body } = segment as NonNullable<typeof segment>;
          for (let turn = 1; turn <= times; turn += 1) {
            socket.write(encodePdu('deliver_sm', sequence, { source_addr: ZHANG, ...body }));
            await until(() => Promise.resolve(answers === turn));
          }
        };
        await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
        await until(() => Promise.resolve(answers === times));
        await heard(/已充/);
        for (const socket of sockets) socket.destroy();
        await new Promise((resolve) => server.close(resolve));
        smsc = await open();
        await until(() => Promise.resolve(smsc.receiver() !== undefined));
      },
    };
  }

  test('typed twice on one connection, they are two messages and still one payment', async () => {
    const before = await payments();
    await deliver('充值45');
    await deliver('充值45');
    await heard(/已充45\.00元/);
    await heard(/刚才那笔正在办,这条没有再扣款/);
    expect(await payments()).toBe(before + 1);
  });

  describe('what goes out', () => {
    const submits = () =>
      gateway.database.db.select<{ outcome: string; try_no: bigint; receipt: string | null; smsc_id: string | null }>(
        `SELECT s.* FROM sms_submit s JOIN sms_message m ON m.id = s.message_id WHERE m.created_at >= ? ORDER BY try_no, part_no`,
        [since],
      );
    let since: Date;
    beforeEach(() => (since = new Date()));
    const due = () => run("UPDATE sms_message SET due_at = UTC_TIMESTAMP(3) WHERE state = 'new'");

    test('an answer that was lost is unknown, and the same row goes again under the same reference', async () => {
      const references: (number | null)[] = [];
      take = (pdu) => {
        references.push(incomingOf(pdu).reference);
        return references.length === 1 ? new Promise(() => undefined) : taken();
      };
      await deliver('YE');
      await until(async () => (await submits()).length === 1 && (await submits())[0]?.outcome === 'unknown');
      await new Promise((resolve) => setTimeout(resolve, 700));
      expect((await submits()).map(({ outcome }) => outcome)).toEqual(['unknown']);
      await due();
      await heard(/本机余额/);
      await until(async () => (await submits()).map(({ outcome }) => outcome).join() === 'unknown,taken');
      expect(references[0]).not.toBeNull();
      expect(new Set(references).size).toBe(1);
    });

    test('a centre that is full is left alone for a while, and the text still arrives', async () => {
      let times = 0;
      take = () => (++times === 1 ? Promise.resolve({ status: STATUS.throttled, messageId: '' }) : taken());
      await deliver('YE');
      await until(async () => (await submits())[0]?.outcome === 'later');
      await due();
      await heard(/本机余额/);
    });

    test('a refusal for good is not tried again', async () => {
      take = () => Promise.resolve({ status: STATUS.invalidDestination, messageId: '' });
      await deliver('YE');
      await until(async () => (await submits())[0]?.outcome === 'refused');
      await until(async () => (await count("sms_message WHERE state = 'failed' AND created_at >= ?", [since])) === 1);
    });

    test('a receipt by text or by parameters is kept with its part; one for nobody is answered', async () => {
      await deliver('YE');
      await heard(/本机余额/);
      await until(async () => (await submits())[0]?.outcome === 'taken');
      const receipt = { messageId: (await submits())[0]?.smsc_id ?? '', state: 'DELIVRD', error: '000' } as const;
      const reply = await (smsc.receiver() as Session).deliver(
        {
          source_addr: ZHANG,
          esm_class: ESM.receipt,
          short_message: Buffer.from(receiptText(receipt, new Date(), new Date())),
        },
        receiptTlvs(receipt),
      );
      expect(reply).toMatchObject({ got: 'answer', pdu: { status: STATUS.ok } });
      expect((await submits())[0]?.receipt).toBe('DELIVRD');
      const nobody = Buffer.from('id:nobody sub:001 dlvrd:001 submit date:1 done date:1 stat:DELIVRD err:000 text:');
      const stranger = await (smsc.receiver() as Session).deliver({ esm_class: ESM.receipt, short_message: nobody });
      expect(stranger).toMatchObject({ got: 'answer', pdu: { status: STATUS.ok } });
    });
  });

  test('while the database is away the centre is told to bring it again', async () => {
    jest.spyOn(gateway.app.get(PartsStore), 'keep').mockRejectedValueOnce(new Error('no database'));
    expect(await deliver('充值46')).toEqual([STATUS.temporaryError]);
    expect(await deliver('充值46')).toEqual([STATUS.ok]);
    await heard(/已充46\.00元/);
  });

  test('random octets on the line do not end the gateway', async () => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(Buffer.from('00000010000000150000000000000001', 'hex'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    expect(await deliver('YE')).toEqual([STATUS.ok]);
    await heard(/本机余额/);
  });
});
