import { becomePayer } from './become-payer';
import type { AgreementPayment, DayPlan, PayerDay } from './day-plan';
import type { Made } from './demo-journal';
import type { DemoTools } from './demo-tools';
import { awaitFinal, awaitText, payByAgreement } from './pay-by-agreement';
import { payWalkIn, referenceOf } from './pay-walk-in';
import { eachOf } from './pool';
import type { DemoPayer } from './population';

const WIDTH = { people: 6, payers: 8, walkIns: 6 };
/** Not the 50 that stands typed on the front door: the same text within two minutes is taken for a repeat. */
const STORY_YUAN = 20;
const DOUBT_PATIENCE_MS = 240_000;

/** Zhang first: his payment for his mother is the story, and the first thing a newcomer sees. */
export async function playStory(tools: DemoTools, zhang: DemoPayer, date: string): Promise<void> {
  const ready = await becomePayer(tools, zhang);
  const started = Date.now();
  const again = tools.journal.paid(`${date}/zhang`) !== undefined;
  const payment: AgreementPayment = { key: `${date}/zhang`, way: 'sms', target: 'linked', yuan: STORY_YUAN };
  const made = await payByAgreement(tools, zhang, ready, payment);
  if (again || made.state !== 'completed') return;
  const tenths = Math.max(1, Math.round((Date.now() - started) / 100));
  const seconds = `${Math.trunc(tenths / 10)}.${tenths % 10}`;
  tools.progress.note(
    `Zhang (Guangdong) texts 给妈妈充${STORY_YUAN} → card ··8812 → Hubei credited in ${seconds} s`,
    `张伟(广东)发短信 给妈妈充${STORY_YUAN} → 卡 ··8812 → 湖北 ${seconds} 秒入账`,
  );
}

/** Everybody signs with the bank and adds a family number. */
export async function signUp(tools: DemoTools, plan: DayPlan): Promise<void> {
  tools.progress.phase('people', plan.payers.length);
  await eachOf(plan.payers, WIDTH.people, async ({ payer }) => {
    await becomePayer(tools, payer);
    tools.progress.step();
  });
}

/** The day's traffic: each payer one payment after another, all payers and both partners at once. */
export async function playTraffic(tools: DemoTools, plan: DayPlan): Promise<void> {
  tools.progress.phase('payments', plan.total + 1);
  tools.progress.step();
  await Promise.all([
    eachOf(plan.payers, WIDTH.payers, (day) => payerDay(tools, day)),
    eachOf(plan.walkIns, WIDTH.walkIns, async (payment) => {
      await payWalkIn(tools, payment);
      tools.progress.step();
    }),
    blockedOriginal(tools, plan.date),
  ]);
}

async function payerDay(tools: DemoTools, { payer, payments }: PayerDay): Promise<void> {
  const ready = await becomePayer(tools, payer);
  for (const payment of payments) {
    const made = await payByAgreement(tools, payer, ready, payment);
    if (payment.behaviour !== undefined) tell(tools, payment, made);
    tools.progress.step();
  }
}

/** Payments whose branch is in maintenance: the bank takes the money, the credit waits. */
export async function playMaintenance(tools: DemoTools, plan: DayPlan): Promise<void> {
  for (const day of plan.maintenance) await payerDay(tools, day);
}

/** Waits until no payment is in doubt but those that only the statement will tell of. */
export async function endDoubts(tools: DemoTools, plan: DayPlan): Promise<void> {
  const doubtful = plan.payers.flatMap(({ payer, payments }) =>
    payments.filter((p) => p.injected !== 'late_success').map((payment) => ({ payer, payment })),
  );
  await eachOf(doubtful, WIDTH.payers, async ({ payer, payment }) => {
    const made = tools.journal.paid(payment.key);
    if (!made || made.final) return;
    const now =
      made.id === ''
        ? await awaitText(tools, payer, payment, DOUBT_PATIENCE_MS)
        : await awaitFinal(tools, payer, made, DOUBT_PATIENCE_MS);
    if (!now.final) throw new Error(`payment ${made.number || payment.key} is still ${made.state}`);
    tools.progress.doubt(-1);
    if (payment.behaviour === 'cut_after' && now.state === 'completed') {
      tools.progress.note(
        `time-out at Bank A on ¥${payment.yuan}.00 → unknown → asked again → paid, credited once`,
        `甲银行 ${payment.yuan}.00 元超时 → 未知 → 再问 → 已付,只入账一次`,
      );
    }
  });
}

function tell(tools: DemoTools, payment: AgreementPayment, made: Made): void {
  if (payment.behaviour === 'cut_after' && made.state !== 'completed') {
    const [en, zh] = [
      `time-out at Bank A on ¥${payment.yuan}.00 → unknown, asking the bank`,
      '甲银行超时 → 未知,正在问银行',
    ];
    tools.progress.note(en, zh);
  }
  if (payment.behaviour === 'callback_twice') {
    tools.progress.note(
      `Bank A calls back twice about one payment of ¥${payment.yuan}.00 → counted once`,
      `甲银行对一笔 ${payment.yuan}.00 元回调两次 → 只算一次`,
    );
  }
}

/**
 * A teller reverses a sale the platform never saw; its late original must then be refused. Not a payment: the customer
 * has the cash back.
 */
async function blockedOriginal(tools: DemoTools, date: string): Promise<void> {
  await tools.journal.once(`${date}/blocked`, async () => {
    const bank = tools.world.partners.demo_bank;
    const reference = referenceOf(`${date}/unseen`);
    const answer = await bank.reverse(reference, 'teller_timeout');
    const { note } = answer.body as { note?: string };
    if (note !== 'not_seen_blocked') throw new Error(`reversal of an unseen reference answers ${answer.status}`);
    const sale = await bank.collect(reference, '13900000000', 2_000n, 'T02');
    if (sale.state !== 'refused') throw new Error('a late original was accepted after its reversal');
  });
}
