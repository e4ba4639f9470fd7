import { PlayedSftp, sshKey } from '@yidian/testing/played-sftp';
import { PlayedGateway } from '../testing/played-gateway';
import { AutoTopupJob } from './auto-topup.job';
import { AutoStore } from './auto.store';
import { BatchesStore } from './batches.store';
import { CheckRules } from './check-rules';
import { PayOccasions } from './pay-occasions';
import { ReadReturns } from './read-returns';
import { SendBatches } from './send-batches';
import { SetAutoTopups } from './set-auto-topup';

type Told = [attempt: string, status: string, reason?: string];

/** Debits once a month by file: out by SFTP, their return file back, between a played bank and a real SSH server. */
describe('debits by file', () => {
  let gateway: PlayedGateway;
  let bank: PlayedSftp;
  let serial = 0;

  beforeAll(async () => {
    const ourKey = sshKey();
    bank = await PlayedSftp.start('yidian', ourKey);
    const sftp = {
      ...{ host: '127.0.0.1', port: bank.port, username: 'yidian', privateKeyPem: ourKey },
      ...{ hostKeys: [bank.fingerprint], folders: { fromBank: '/out', toBank: '/in' } },
    };
    const files = { sftp, account: { name: 'Yidian', account: '622848' }, creditorId: 'YD1' };
    gateway = await PlayedGateway.start({ files, settings: { BATCH_GATHER_MINUTES: '0', AUTO_RETRY_DAYS: '3' } });
    await get(AutoTopupJob).beforeApplicationShutdown(); // the test takes the turns itself
  }, 60_000);
  afterAll(async () => {
    await gateway.close();
    await bank.close();
  });

  const get = <T>(type: abstract new (...args: never[]) => T): T => gateway.app.get<T>(type, { strict: false });
  const newNumber = (): string => {
    const msisdn = `1375000${String(++serial).padStart(4, '0')}`;
    gateway.billing.state.addNumber(msisdn);
    return msisdn;
  };
  const payment = async (number: string) => {
    const rows = await gateway.database.db.select<{ payment_no: string; state: string; channel: string }>(
      'SELECT payment_no, state, channel FROM payment WHERE msisdn_blind = ? ORDER BY payment_no',
      [gateway.numbers.blind(number)],
    );
    return rows.at(-1);
  };
  const due = async (rule: string) => {
    await gateway.database.db.run(
      "UPDATE auto_occasion SET due_at = UTC_TIMESTAMP(3) WHERE rule_id = ? AND state IN ('noticed', 'paying')",
      [rule],
    );
    await get(PayOccasions).sweep();
  };
  /** A monthly order whose day has come: the debit waits for its file. */
  const ordered = async () => {
    const number = newNumber();
    await gateway.agreement(number);
    const rule = await get(SetAutoTopups).execute(number, {
      ...{ target: { type: 'self' }, rule: { kind: 'calendar', day_of_month: 8, amount: 5000 }, currency: 'CNY' },
    });
    await gateway.database.db.run('UPDATE auto_rule SET due_at = UTC_TIMESTAMP(3) WHERE id = ?', [rule.id]);
    await get(CheckRules).sweep();
    await due(rule.id);
    const made = await payment(number);
    return { number, rule: rule.id, attempt: `${made?.payment_no ?? ''}01` };
  };
  const occasion = async (rule: string) => (await get(AutoStore).occasionsOf(rule, 1))[0];
  const outgoing = () => [...bank.files].filter(([name]) => name.startsWith('/in/')).sort();
  const messageOf = (text: string) => /<MsgId>([^<]+)<\/MsgId>/.exec(text)?.[1] ?? '';
  const orderText = ([attempt, status, reason]: Told) =>
    `<TxInfAndSts><OrgnlEndToEndId>${attempt}</OrgnlEndToEndId><TxSts>${status}</TxSts>
      ${reason ? `<StsRsnInf><Rsn><Cd>${reason}</Cd></Rsn></StsRsnInf>` : ''}<AcctSvcrRef>T${attempt}</AcctSvcrRef>
      <OrgnlTxRef><Amt><InstdAmt Ccy="CNY">50.00</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>`;
  const answer = (name: string, message: string, told: readonly Told[], group = '') =>
    bank.files.set(
      `/out/pain002_${name}.xml`,
      Buffer.from(
        `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
        <GrpHdr><MsgId>R${name}</MsgId><CreDtTm>2026-11-29T10:00:00Z</CreDtTm></GrpHdr>
        <OrgnlGrpInfAndSts><OrgnlMsgId>${message}</OrgnlMsgId><OrgnlMsgNmId>pain.008</OrgnlMsgNmId>${group}</OrgnlGrpInfAndSts>
        <OrgnlPmtInfAndSts><OrgnlPmtInfId>${message}-F</OrgnlPmtInfId>${told.map(orderText).join('')}</OrgnlPmtInfAndSts>
        </CstmrPmtStsRpt></Document>`,
      ),
    );

  test('gathered, sealed, sent once; the return file pays, refuses, or says nothing yet', async () => {
    const [paid, refused, waits] = [await ordered(), await ordered(), await ordered()];
    for (const { number } of [paid, refused, waits])
      expect(await payment(number)).toMatchObject({ state: 'submitted', channel: 'batch' });
    expect(gateway.bank.received('/v1/debits')).toEqual([]);
    const sent = jest.spyOn(get(BatchesStore), 'sent').mockRejectedValueOnce(new Error('killed'));
    const sending = get(SendBatches);
    await sending.sweep(); // it arrived, and nobody lived to write that down
    sent.mockRestore();
    await gateway.database.db.run("UPDATE debit_batch SET due_at = UTC_TIMESTAMP(3) WHERE state = 'sealed'");
    await sending.sweep();
    await sending.sweep();
    const [file, ...more] = outgoing();
    expect(more).toEqual([]);
    const text = file?.[1].toString() ?? '';
    expect(text).toContain('<NbOfTxs>3</NbOfTxs><CtrlSum>150.00</CtrlSum>');
    for (const { attempt } of [paid, refused, waits]) expect(text).toContain(`<EndToEndId>${attempt}</EndToEndId>`);
    expect(text).toContain('<SeqTp>FRST</SeqTp>');
    const batches = await gateway.database.db.select('SELECT state, debits, total FROM debit_batch');
    expect(batches).toEqual([{ state: 'sent', debits: 3, total: 15_000n }]);
    const told: Told[] = [
      [paid.attempt, 'ACSC'],
      [refused.attempt, 'RJCT', 'AM04'],
      [waits.attempt, 'PDNG'],
    ];
    answer('1', messageOf(text), told);
    const returns = get(ReadReturns);
    await Promise.all([returns.sweep(), returns.sweep()]);
    await returns.sweep();
    expect((await payment(paid.number))?.state).toBe('completed');
    expect((await payment(refused.number))?.state).toBe('declined');
    expect((await payment(waits.number))?.state).toBe('submitted');
    for (const { rule } of [paid, refused, waits]) await due(rule);
    expect(await occasion(paid.rule)).toMatchObject({ state: 'done', by_batch: 1 });
    expect(await occasion(refused.rule)).toMatchObject({ state: 'noticed', try_no: 2, code: 'insufficient_funds' });
    expect(await occasion(waits.rule)).toMatchObject({ state: 'paying' });
    await gateway.received(refused.number, /自动充值没扣成:甲银行尾号8812余额不足/);
    answer('2', messageOf(text), [[waits.attempt, 'ACSC']]);
    await returns.sweep();
    await due(waits.rule);
    expect(await occasion(waits.rule)).toMatchObject({ state: 'done' });
    expect(await gateway.database.db.select('SELECT state FROM debit_batch')).toEqual([{ state: 'done' }]);
    expect(gateway.bank.received('/v1/debits/query')).toEqual([]);
    await due(refused.rule); // tried again, in a file of its own
    await sending.sweep();
    expect(outgoing()).toHaveLength(2);
    const again = await payment(refused.number);
    expect(outgoing().some(([, content]) => content.includes(`${again?.payment_no ?? '?'}01`))).toBe(true);
    expect(outgoing().filter(([, content]) => content.includes(refused.attempt))).toHaveLength(1);
  });

  test('a file that is refused as a whole refuses each of its debits; a success of another sum is not known', async () => {
    const [one, other] = [await ordered(), await ordered()];
    const before = outgoing().length;
    await get(SendBatches).sweep();
    expect(outgoing()).toHaveLength(before + 1);
    const text =
      outgoing()
        .map(([, content]) => content.toString())
        .find((file) => file.includes(one.attempt)) ?? '';
    const wrong = orderText([other.attempt, 'ACSC']).replace('50.00', '60.00');
    answer('3', messageOf(text), []);
    const report = bank.files.get('/out/pain002_3.xml')?.toString() ?? '';
    bank.files.set(
      '/out/pain002_3.xml',
      Buffer.from(report.replace('</OrgnlPmtInfAndSts>', `${wrong}</OrgnlPmtInfAndSts>`)),
    );
    const returns = get(ReadReturns);
    await returns.sweep();
    expect((await payment(other.number))?.state).toBe('unknown');
    expect((await payment(one.number))?.state).toBe('submitted');
    answer('4', messageOf(text), [], '<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>');
    await returns.sweep();
    expect((await payment(one.number))?.state).toBe('declined');
    expect((await payment(other.number))?.state).toBe('unknown'); // told of one by one: not of the whole
  });

  test('an agreement that ended or rests while its debit waited is in no file', async () => {
    const [ended, rests, paid] = [await ordered(), await ordered(), await ordered()];
    const put = (number: string, state: string) =>
      gateway.database.db.run('UPDATE agreement SET state = ? WHERE msisdn_blind = ?', [
        state,
        gateway.numbers.blind(number),
      ]);
    await put(ended.number, 'ended');
    await put(rests.number, 'frozen');
    const before = outgoing().length;
    await get(SendBatches).sweep();
    await get(SendBatches).sweep();
    const files = outgoing().map(([, content]) => content.toString());
    expect(files).toHaveLength(before + 1);
    const holding = ({ attempt }: { attempt: string }) => files.filter((file) => file.includes(attempt)).length;
    expect([ended, rests, paid].map(holding)).toEqual([0, 0, 1]);
    expect((await payment(ended.number))?.state).toBe('closed');
    expect((await payment(rests.number))?.state).toBe('submitted');
    await put(rests.number, 'active');
    await get(SendBatches).sweep();
    expect(outgoing().filter(([, content]) => content.includes(rests.attempt))).toHaveLength(1);
  });

  test('a whole file refused before anybody wrote down that it was sent: the refusal waits, then is heard', async () => {
    const one = await ordered();
    const sent = jest.spyOn(get(BatchesStore), 'sent').mockRejectedValueOnce(new Error('killed'));
    await get(SendBatches).sweep();
    sent.mockRestore();
    const text =
      outgoing()
        .find(([, content]) => content.includes(one.attempt))?.[1]
        .toString() ?? '';
    answer('5', messageOf(text), [], '<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>');
    answer('5a', 'M-of-others', []);
    await get(ReadReturns).sweep(); // files sent before are still waited for
    expect((await payment(one.number))?.state).toBe('submitted');
    const reports = "SELECT name FROM debit_report WHERE name LIKE '%pain002_5%'";
    expect((await gateway.database.db.select(reports)).map((row) => row['name'])).toEqual(['pain002_5a.xml']);
    await gateway.database.db.run("UPDATE debit_batch SET due_at = UTC_TIMESTAMP(3) WHERE state = 'sealed'");
    await get(SendBatches).sweep();
    await get(ReadReturns).sweep();
    expect((await payment(one.number))?.state).toBe('declined');
    expect(outgoing().filter(([, content]) => content.includes(one.attempt))).toHaveLength(1);
  });

  test('dies while a return file is read, or before it is ticked off: read again it moves nothing twice', async () => {
    const [paid, refused] = [await ordered(), await ordered()];
    await get(SendBatches).sweep();
    const text =
      outgoing()
        .find(([, content]) => content.includes(paid.attempt))?.[1]
        .toString() ?? '';
    const told: Told[] = [
      [paid.attempt, 'ACSC'],
      [refused.attempt, 'RJCT', 'AM04'],
    ];
    answer('6', messageOf(text), told);
    const answered = jest.spyOn(get(BatchesStore), 'answered').mockRejectedValueOnce(new Error('killed'));
    await get(ReadReturns).sweep();
    answered.mockRestore();
    const read = jest.spyOn(get(BatchesStore), 'read').mockRejectedValueOnce(new Error('killed'));
    await get(ReadReturns).sweep();
    read.mockRestore();
    await get(ReadReturns).sweep();
    expect((await payment(paid.number))?.state).toBe('completed');
    expect((await payment(refused.number))?.state).toBe('declined');
    const [row] = await gateway.database.db.select<{ subscriber_id: string }>(
      'SELECT subscriber_id FROM payment WHERE msisdn_blind = ?',
      [gateway.numbers.blind(paid.number)],
    );
    expect(gateway.billing.state.balance(row?.subscriber_id ?? '')).toBe(1210n + 5000n);
    const states = await gateway.database.db.select(
      'SELECT DISTINCT b.state FROM debit_batch b JOIN debit_batch_item i ON i.batch_id = b.id WHERE i.attempt_no IN (?)',
      [[paid.attempt, refused.attempt]],
    );
    expect(states).toEqual([{ state: 'done' }]);
  });
});
