import { openDoors, type Answered, type Call, type Doors } from './doors';

let doors: Doors;
beforeAll(async () => (doors = await openDoors()));
afterAll(() => doors.close());

type Who = Parameters<Doors['enter']>[0];
const cookies = new Map<Who, string>();
async function as(who: Who, call: Call): Promise<Answered> {
  const cookie = cookies.get(who) ?? (await doors.enter(who));
  cookies.set(who, cookie);
  return doors.call({ ...call, headers: { cookie, 'x-requested-with': 'console', ...call.headers } });
}
const get = (path: string): Call => ({ method: 'GET', path: `/v1/${path}` });
const post = (path: string, body: object): Call => ({ method: 'POST', path: `/v1/${path}`, body });

const words = '【湖北】已充{amount}元到本机,余额{balance}元。';
const of = { code: 'done_own', language: 'zh' };
const save = (text: string, branch = '420000') => post('branch_texts', { ...of, branch, text, reason: 'own voice' });

test('words are measured before they are saved, by the same rule', async () => {
  const usual = await as('care', post('branch_text_measures', { ...of, text: '' }));
  expect(usual.status).toBe(200);
  expect(usual.json).toMatchObject({ object: 'branch_text_measure', segments: 1, fault: null });
  expect(usual.json['text']).toContain('{amount}');
  const long = words + '好'.repeat(120);
  expect((await as('ops', post('branch_text_measures', { ...of, text: long }))).json).toMatchObject({
    ...{ segments: 3, fault: 'too_long' },
  });
  expect(await as('ops', save(long))).toMatchObject({ status: 400, json: { code: 'field_invalid' } });
  expect((await as('ops', get('branch_texts'))).json['data']).toEqual([]);

  expect((await as('ops', save(words))).status).toBe(204);
  expect((await as('hubei', get('branch_texts'))).json['data']).toMatchObject([
    { ...of, branch: '420000', text: words },
  ]);
  expect((await as('ops', save(''))).status).toBe(204);
  expect((await as('ops', get('branch_texts'))).json['data']).toEqual([]);
});

test('who may', async () => {
  expect((await as('care', save(words))).json).toMatchObject({ code: 'scope_missing' });
  expect((await as('maker', post('branch_text_measures', { ...of, text: '' }))).json).toMatchObject({
    code: 'scope_missing',
  });
  const unknown = { code: 'no_such_text', language: 'zh', text: '' };
  expect((await as('ops', post('branch_text_measures', unknown))).json).toMatchObject({ outcome: 'not_executed' });
});

test('a device goes on the block list and off it; one of a payment that nobody knows does not', async () => {
  const device = { kind: 'device', value: 'phone-7', reason: 'stolen' };
  const added = await as('ops', post('risk/blocks', device));
  expect(added).toMatchObject({ status: 201, json: { object: 'block', kind: 'device', value: 'phone-7' } });
  expect((await as('care', get('risk/blocks'))).json['data']).toMatchObject([{ kind: 'device', lifted_by: null }]);
  const unknown = { ...device, value: `pay_${'2'.repeat(20)}` };
  expect((await as('ops', post('risk/blocks', unknown))).json).toMatchObject({ code: 'not_found' });
  const id = String(added.json['id']);
  const lifted = await as('ops', post(`risk/blocks/${id}/lifts`, { reason: 'found' }));
  expect(lifted.json).toMatchObject({ kind: 'device', lifted_at: expect.any(String) });
});
