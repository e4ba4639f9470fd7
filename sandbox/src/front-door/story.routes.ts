import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { formatMajor } from '@yidian/money';
import { becomePayer } from '../demo/become-payer';
import type { DemoTools } from '../demo/demo-tools';
import { MOTHER, population, ZHANG } from '../demo/population';
import { newMessageId, type ShortMessage } from '../phones/phones';

const CARE = 'care';
const PHONES = { zhang: ZHANG, mother: MOTHER } as const;
const sendSchema = z.object({ from: z.enum(['zhang', 'mother']), text: z.string().min(1).max(300) });

/** A step of the payment that is being watched, whoever saw it. */
interface Step {
  at: string;
  where: string;
  what: string;
  state: string;
  amount: number | null;
}

/** The two phones of the front page and the time line of what one text has set going. */
export function storyRoutes(app: FastifyInstance, tools: DemoTools): void {
  const { phones, smsc } = tools.world;
  const zhang = population(tools.world.demoFile.seed).zhang;
  app.get('/sandbox/api/story', () => ({
    zhang: phones.inbox(ZHANG).slice(-30),
    mother: phones.inbox(MOTHER).slice(-30),
    ready: tools.journal.payer(ZHANG) !== undefined,
  }));
  app.post('/sandbox/api/story/send', async (request, answer) => {
    const wish = sendSchema.safeParse(request.body);
    if (!wish.success) return answer.code(400).send({ code: 'malformed' });
    if (wish.data.from === 'zhang') await becomePayer(tools, zhang);
    const id = newMessageId();
    await smsc.submit(id, PHONES[wish.data.from], wish.data.text);
    return { id };
  });
  app.get('/sandbox/api/story/stream', (_request, answer) => {
    answer.hijack();
    const out = answer.raw;
    out.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    out.write('retry: 1000\n\n');
    const stop = phones.listen((message) => {
      if (message.number === ZHANG || message.number === MOTHER) out.write(`data: ${JSON.stringify(message)}\n\n`);
    });
    const beat = setInterval(() => out.write(': here\n\n'), 15_000);
    out.on('close', () => {
      stop();
      clearInterval(beat);
    });
  });
  app.get('/sandbox/api/story/timeline', async () => {
    const since = lastCommand(phones.inbox(ZHANG));
    if (since === null) return { since, steps: [] };
    const steps = [...outsideSteps(tools, since), ...(await platformSteps(tools, since))];
    return { since, steps: steps.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)) };
  });
  app.post('/sandbox/api/story/next_answer', async (request, answer) => nextAnswer(tools, request.body, answer));
}

function lastCommand(inbox: readonly ShortMessage[]): string | null {
  return inbox.findLast((message) => message.way === 'out' && /充/.test(message.text))?.at ?? null;
}

/** What phones and bank saw themselves. */
function outsideSteps(tools: DemoTools, since: string): Step[] {
  const { phones, bank } = tools.world;
  const ref = tools.journal.payer(ZHANG)?.agreementRef;
  const texts = Object.entries(PHONES).flatMap(([name, number]) =>
    phones
      .inbox(number)
      .filter((message) => message.at >= since)
      .map(({ at, text, way }) => ({ at, where: `phone_${name}`, what: text, state: way, amount: null })),
  );
  const orders = [...bank.book.orders.values()]
    .filter((order) => order.agreementRef === ref && order.at >= since)
    .map(({ at, amount, status }) => {
      return { at, where: 'bank_a', what: `¥${formatMajor(BigInt(amount))}`, state: status, amount: null };
    });
  return [...texts, ...orders];
}

async function platformSteps(tools: DemoTools, since: string): Promise<Step[]> {
  const body = { number: MOTHER };
  const answer = await tools.operators.call(CARE, { path: '/v1/care/timelines', body }).catch(() => null);
  if (answer?.status !== 200) return [];
  const { entries } = answer.body as { entries: (Step & { source: string })[] };
  return entries
    .filter((entry) => entry.at >= since && entry.source !== 'message')
    .map(({ at, where, what, state, amount }) => ({ at, where, what, state, amount }));
}

/** The switch below the phones: what the bank does with Zhang's next payment. */
async function nextAnswer(
  tools: DemoTools,
  body: unknown,
  answer: { code(status: number): { send(body: object): unknown } },
): Promise<unknown> {
  const behaviours = ['no_answer_done', 'declined_funds', 'callback_twice', 'pending_20s'] as const;
  const wish = z.object({ behaviour: z.enum([...behaviours, 'succeed']) }).safeParse(body);
  if (!wish.success) return answer.code(400).send({ code: 'malformed' });
  const { agreementRef } = await becomePayer(tools, population(tools.world.demoFile.seed).zhang);
  tools.world.bank.unwish('front-door');
  const { behaviour } = wish.data;
  if (behaviour !== 'succeed') tools.world.bank.wish({ id: 'front-door', behaviour, agreementRef, times: 1 });
  return { behaviour };
}
