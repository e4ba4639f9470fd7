import { YD1 } from '@yidian/connectors/bank-direct';
import { Books } from '@yidian/journal';
import { Readable } from 'node:stream';
import { PlayedGateway } from '../testing/played-gateway';
import { ReadyStatementsJob } from './ready-statements.job';
import { PartnerStatements } from './partner-statements';

type Event = { type: string; data: { object: Record<string, unknown> } };

describe("a partner's statement", () => {
  let gateway: PlayedGateway;
  beforeAll(async () => {
    gateway = await PlayedGateway.start();
    gateway.billing.state.addNumber('13900000000');
  });
  afterAll(() => gateway.close());

  const collect = async (reference: string, amount: number) => {
    const funding = { type: 'collected', taken_at: '2026-11-22T04:00:00.000Z' };
    const body = { reference, number: '13900000000', amount, currency: 'CNY', funding };
    return (await gateway.call<{ number: string }>('POST', '/v1/payments', body, { key: reference })).body.number;
  };

  test('is there once the book is frozen, told of once, readable by the format, and the same for ever', async () => {
    const { openDate: date } = await gateway.app.get(Books).openDate('demo_shop');
    const numbers = [await collect('A', 5_000), await collect('B', 3_000)];
    await gateway.call('POST', '/v1/reversals', { reference: 'B', reason: 'teller_timeout' }, { key: 'rev' });
    expect((await gateway.call('GET', `/v1/statements/${date}`)).status).toBe(404);

    for (let state = ''; state !== 'frozen';) ({ state } = await gateway.app.get(Books).cut('demo_shop', date));
    await collect('C', 700);
    const job = gateway.app.get(ReadyStatementsJob);
    await job.sweep();
    await job.sweep();
    const { body } = await gateway.call<{ data: Event[] }>('GET', '/v1/events?limit=100');
    const told = body.data.filter((event) => event.type === 'statement.ready').map((event) => event.data.object);
    expect(told).toEqual([
      expect.objectContaining({ provider: 'demo_shop', date, url: `/v1/statements/${date}`, lines: 3, amount: 5_000 }),
    ]);

    const { text, sha256 } = await gateway.app.get(PartnerStatements).make('demo_shop', date);
    expect(told[0]?.['sha256']).toBe(sha256);
    expect(text.split('\n')[0]).toBe(`H|YD1|demo_shop|${date}|CNY`);
    expect(text.endsWith('T|3|5000|0\n')).toBe(true);
    const details = text.split('\n').filter((line) => line.startsWith('D'));
    expect(details.map((line) => line.split('|').slice(1, 3))).toEqual([
      ['1', 'PAY'],
      ['2', 'PAY'],
      ['3', 'REVERSAL'],
    ]);
    expect(details.slice(0, 2).map((line) => line.split('|')[3])).toEqual(numbers);
    const findings: unknown[] = [];
    const sink = { line: () => undefined, finding: (finding: unknown) => void findings.push(finding) };
    const totals = await YD1.read(Readable.from([Buffer.from(text)]), sink, {
      fileName: '',
      provider: 'demo_shop',
      date,
    });
    expect({ findings, agrees: totals.agrees }).toEqual({ findings: [], agrees: true });

    expect((await gateway.app.get(PartnerStatements).make('demo_shop', date)).text).toBe(text);
    const downloaded = await gateway.download(`/v1/statements/${date}`);
    expect(downloaded).toEqual({ status: 200, text, signed: true });
  });
});
