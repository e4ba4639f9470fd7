import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { BEHAVIOURS, type BehaviourName } from '../bank/behaviour';
import { damageSchema, type Damage } from '../bank/damage';
import type { ProviderRule } from '../bank/faults';

const fault = z.object({
  id: z.string().max(100).optional(),
  what: z.enum(['debit', 'refund']).default('debit'),
  behaviour: z.enum(Object.keys(BEHAVIOURS) as [BehaviourName, ...BehaviourName[]]),
  /** Of debits the agreement, of refunds the order that money goes back from. */
  agreement_ref: z.string().optional(),
  amount: z.string().regex(/^\d+$/).optional(),
  times: z.number().int().min(1).max(1000).default(1),
});
const plainDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const damage = z.object({ date: plainDate, damages: z.array(damageSchema).max(1000) });

/** A provider as far as the levers that all of them have go. */
export interface Levered {
  /** As its paths name it. */
  name: string;
  book: {
    readonly date: string;
    readonly rules: readonly ProviderRule[];
    put(event: { t: 'rules'; rules: ProviderRule[] } | { t: 'damage'; date: string; damages: Damage[] }): void;
  };
  courier: { readonly undelivered: number };
  /** Oldest first. */
  orders: () => Iterable<object>;
  cut: (date: string) => void;
}

/** What can be wished of every provider: faults, damage of its statement, the end of its day. */
export function leversOf(app: FastifyInstance, { name, book, courier, orders, cut }: Levered): void {
  const root = `/sandbox/api/${name}`;
  app.get(root, () => ({
    date: book.date,
    faults: book.rules,
    undelivered_callbacks: courier.undelivered,
    orders: [...orders()].slice(-50).reverse(),
    behaviours: BEHAVIOURS,
  }));
  app.post(`${root}/faults`, async (request, answer) => {
    const wish = fault.safeParse(request.body);
    if (!wish.success) return answer.code(400).send({ code: 'malformed', detail: wish.error.message });
    const rule = ruleOf(wish.data);
    book.put({ t: 'rules', rules: [...book.rules.filter(({ id }) => id !== rule.id), rule] });
    return { id: rule.id };
  });
  app.delete<{ Params: { id: string } }>(`${root}/faults/:id`, (request) => {
    book.put({ t: 'rules', rules: book.rules.filter(({ id }) => id !== request.params.id) });
    return { faults: book.rules };
  });
  app.post(`${root}/statement_damage`, async (request, answer) => {
    const wish = damage.safeParse(request.body);
    if (!wish.success) return answer.code(400).send({ code: 'malformed', detail: wish.error.message });
    book.put({ t: 'damage', ...wish.data });
    return { date: wish.data.date, damages: wish.data.damages.length };
  });
  app.post(`/sandbox/api/providers/${name}/cut`, async (request, answer) => {
    const wish = z.object({ date: plainDate }).safeParse(request.body);
    if (!wish.success) return answer.code(400).send({ code: 'malformed' });
    cut(wish.data.date);
    return { date: book.date };
  });
}

function ruleOf({ id = randomUUID(), agreement_ref, amount, ...rest }: z.output<typeof fault>): ProviderRule {
  return {
    ...{ id, ...rest },
    ...(agreement_ref === undefined ? {} : { agreementRef: agreement_ref }),
    ...(amount === undefined ? {} : { amount }),
  };
}
