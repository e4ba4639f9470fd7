import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { toJson } from '@yidian/money';
import { z } from 'zod';
import type { Courier } from '../bank/courier';
import { fileDamageSchema } from './file-damage';
import type { Province } from './province';
import { PROVINCE_BEHAVIOURS, type ProvinceBehaviourName } from './province-behaviour';
import type { ProvinceAccount } from './province-book';

const behaviour = z.enum(Object.keys(PROVINCE_BEHAVIOURS) as [ProvinceBehaviourName, ...ProvinceBehaviourName[]]);
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const number = z.string().regex(/^1\d{10}$/);
const fault = z.object({
  id: z.string().max(100).optional(),
  behaviour,
  number: number.optional(),
  amount: z.string().regex(/^\d+$/).optional(),
  times: z.number().int().min(1).max(1_000).default(1),
});
const told = z.object({
  type: z.enum([
    'low_balance',
    'sim_changed',
    'owner_changed',
    'suspended',
    'resumed',
    'pre_closed',
    'closed',
    'ported_out',
  ]),
  number,
  name: z.string().min(1).max(40).optional(),
  reason: z.enum(['arrears', 'loss']).optional(),
  /** How often it is sent under its one id. */
  copies: z.number().int().min(1).max(10).default(1),
  /** Signed with a key that is not the province's. */
  forged: z.boolean().default(false),
});
const spent = z.object({ number, amount: z.string().regex(/^\d{1,12}$/) });

/** Levers behind a province: faults, what happens to its numbers, its file. For the front door and for tests. */
export function provinceControl(app: FastifyInstance, province: Province, courier: Courier): void {
  const base = `/sandbox/api/provinces/${province.branch}`;
  const { book } = province;
  const on = <S extends z.ZodType>(path: string, schema: S, act: (wish: z.output<S>) => unknown) =>
    app.post(base + path, async (request, answer) => {
      const wish = schema.safeParse(request.body);
      return wish.success ? act(wish.data) : answer.code(400).send({ code: 'malformed', detail: wish.error.message });
    });
  app.get(base, () => ({
    date: province.date,
    faults: book.rules,
    undelivered_events: courier.undelivered,
    orders: [...book.orders.values()].slice(-50).reverse(),
    behaviours: PROVINCE_BEHAVIOURS,
  }));
  on('/faults', fault, ({ id = randomUUID(), behaviour: how, times, ...narrow }) => {
    const { number: of, amount } = narrow;
    const fits = { ...(of === undefined ? {} : { number: of }), ...(amount === undefined ? {} : { amount }) };
    book.put({
      t: 'rules',
      rules: [...book.rules.filter((rule) => rule.id !== id), { id, behaviour: how, times, ...fits }],
    });
    return { id };
  });
  on('/events', told, (wish) => tell(province, courier, wish));
  on('/usage', spent, ({ number: of, amount }) => {
    const account = book.accounts.get(of);
    if (!account) return { balance: null };
    const balance = String(BigInt(account.balance) - BigInt(amount));
    book.put({ t: 'account', account: { ...account, balance } });
    return { balance };
  });
  on('/close', z.object({ date }), (wish) => {
    book.put({ t: 'closed', date: wish.date });
    return { date: province.date };
  });
  on('/file_damage', z.object({ date, damages: z.array(fileDamageSchema).max(1_000) }), (wish) => {
    book.put({ t: 'damage', ...wish });
    return { date: wish.date, damages: wish.damages.length };
  });
  on('/file_withheld', z.object({ date, withheld: z.boolean() }), (wish) => {
    book.put({ t: 'withheld', ...wish });
    return wish;
  });
}

const STATUS: Readonly<Record<string, ProvinceAccount['status']>> = {
  suspended: 'suspended',
  resumed: 'active',
  pre_closed: 'pre_closed',
  closed: 'closed',
};

/** It happens in the province first, then it is told; a forged telling happens nowhere. */
function tell(province: Province, courier: Courier, wish: z.output<typeof told>): object {
  const { type, number: of, name, reason, copies, forged } = wish;
  const eventId = `hn-${randomUUID()}`;
  const account = province.book.accounts.get(of);
  if (account && !forged) {
    const after = {
      ...account,
      status: STATUS[type] ?? account.status,
      name: type === 'owner_changed' && name ? name : account.name,
    };
    province.book.put({ t: 'account', account: after });
  }
  const balance = type === 'low_balance' && account ? { balance: toJson(BigInt(account.balance)) } : {};
  const data = {
    number: of,
    ...(name === undefined ? {} : { name }),
    ...(reason === undefined ? {} : { reason }),
    ...balance,
  };
  if (forged) courier.sendForged({ eventId, type, data });
  else courier.send({ eventId, type, data }, copies);
  return { event_id: eventId };
}
