import fc from 'fast-check';
import { PlayedGateway, until } from '../../testing/played-gateway';
import { readCommand } from './read-command';

const ZHANG = '13800001234';
const MOTHER = '13900000000';
/** Half of them near to what is understood, half of them anything. One-word commands that change the account stand apart. */
const pieces = fc.constantFrom(
  ...[
    'CZ',
    'cz',
    '充值',
    '充',
    '给',
    '妈妈',
    'mum',
    MOTHER,
    '50',
    '5',
    '0.5',
    '1',
    '元',
    '#',
    '+',
    ' ',
    '  ',
    '-',
    '?',
  ],
  ...[
    '不',
    '。',
    '５０',
    '²',
    '٥',
    '\u200b',
    '\u202e',
    'YE',
    'MX',
    'TJ',
    'top up',
    'for',
    '👍',
    '4829',
    "'--",
    '\n',
    'TOPUP 7',
  ],
);
const texts = fc.oneof(
  fc.array(pieces, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 90 }),
);
const MANY = 120;
const SEED = 20261129;

/** Through the real door: whatever is sent is answered once, and moves money only where it clearly says so. */
test('any text gets exactly one answer, and never a payment that was not asked for', async () => {
  const gateway = await PlayedGateway.start();
  try {
    for (const number of [ZHANG, MOTHER]) gateway.billing.state.addNumber(number);
    await gateway.agreement(ZHANG);
    const sent = fc.sample(texts, { numRuns: MANY, seed: SEED }).map((text, n) => ({ id: `any_${n}`, text }));
    const taken = new Map<string, string>();
    for (const { id, text } of sent) if ((await gateway.text(ZHANG, text, id)) === 200) taken.set(id, text);
    const rows = <T extends object>(sql: string) => gateway.database.db.select(sql, []) as unknown as Promise<T[]>;
    const open = "SELECT id FROM sms_inbound WHERE state <> 'done'";
    await until(
      async () => (await rows(open)).length === 0,
      () => 'some are not done',
      60_000,
    );
    const paid = await rows<{ payment_no: string; source: string; charged: bigint; state: string }>(
      "SELECT payment_no, JSON_VALUE(detail, '$.source') AS source, charged, state FROM payment WHERE channel = 'sms'",
    );
    for (const { source, charged, state } of paid) {
      const asked = readCommand(taken.get(source) ?? '');
      expect(asked).toMatchObject({ kind: 'top_up', target: { type: 'self' }, amount: charged });
      expect(state).toBe('completed');
    }
    expect(new Set(paid.map(({ source }) => source)).size).toBe(paid.length);
    expect(paid.length).toBeGreaterThan(0);
    const told = await rows<{ id: string; payment_no: string | null }>('SELECT id, payment_no FROM sms_message');
    const answers = [...taken.keys()].map((id) => {
      const payment = paid.find(({ source }) => source === id)?.payment_no;
      return {
        id,
        answers: told.filter((one) => one.id === `mo-${id}` || (payment && one.payment_no === payment)).length,
      };
    });
    expect(answers.filter((one) => one.answers !== 1)).toEqual([]);
    expect(taken.size).toBeGreaterThan(MANY / 2);
  } finally {
    await gateway.close();
  }
}, 120_000);
