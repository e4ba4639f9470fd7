import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDb, type Db } from '@yidian/database';
import type { Stage } from '../e2e/stage';

/**
 * A checker apart from the platform: it reads what the world outside remembers (the bank's and the partners' own
 * journals, written before they answered) and the facts in the tables, and compares one by one. Nothing lost, nothing
 * doubled means an empty list.
 */
export async function lostOrDoubled(stage: Stage): Promise<string[]> {
  const gateway = await openDb({ url: stage.schemaUrl('gateway'), poolSize: 2 });
  const billing = await openDb({ url: stage.schemaUrl('billing'), poolSize: 2 });
  try {
    const facts = { gateway: await factsOf(gateway), billing: await factsOf(billing) };
    return [
      ...debits(stage, facts.gateway),
      ...collections(stage, facts.gateway),
      ...credits(facts.gateway, facts.billing, await states(gateway)),
      ...gaps('gateway', facts.gateway),
      ...gaps('billing', facts.billing),
    ];
  } finally {
    await gateway.close();
    await billing.close();
  }
}

type Fact = {
  lane: string;
  seq: bigint;
  kind: string;
  paymentNo: string;
  refNo: string;
  amount: bigint;
};

async function factsOf(db: Db): Promise<Fact[]> {
  return db.select<Fact>(
    `SELECT CAST(lane_id AS CHAR) AS lane, seq, kind, payment_no AS paymentNo, ref_no AS refNo, amount
     FROM fact ORDER BY lane_id, seq`,
  );
}

async function states(gateway: Db): Promise<Map<string, string>> {
  const rows = await gateway.select<{ no: string; state: string }>('SELECT payment_no AS no, state FROM payment');
  return new Map(rows.map(({ no, state }) => [no, state]));
}

/** Every debit that the bank carried out is one `paid` fact of its attempt and amount; no other attempt has one. */
function debits(stage: Stage, facts: Fact[]): string[] {
  interface Order {
    attemptNo: string;
    amount: string;
    status: string;
  }
  const orders = latest<Order>(stage, 'bank_a', 'order', (order) => order.attemptNo);
  const paid = groups(
    facts.filter(({ kind }) => kind === 'paid'),
    ({ refNo }) => refNo,
  );
  return orders.flatMap(({ attemptNo, amount, status }) => {
    const found = paid.get(attemptNo) ?? [];
    const wanted = status === 'succeeded' ? 1 : 0;
    if (found.length !== wanted)
      return [`attempt ${attemptNo}: ${status} at the bank, ${found.length} times paid in our facts`];
    return found.every((fact) => fact.amount === BigInt(amount)) ? [] : [`attempt ${attemptNo}: another amount`];
  });
}

/** Every sale that a partner took money for and had confirmed is one `paid` fact. */
function collections(stage: Stage, facts: Fact[]): string[] {
  interface Sale {
    reference: string;
    amount: string;
    state: string;
    payment?: { number: string };
  }
  const paid = groups(
    facts.filter(({ kind }) => kind === 'paid'),
    ({ paymentNo }) => paymentNo,
  );
  return ['demo_bank', 'demo_shop'].flatMap((partner) =>
    latest<Sale>(stage, partner, 'sale', (sale) => sale.reference).flatMap(({ reference, amount, state, payment }) => {
      if (state === 'taken') return [`${partner} ${reference}: its partner never learned how it ended`];
      const found = payment ? (paid.get(payment.number) ?? []) : [];
      if (state === 'refused') return found.length === 0 ? [] : [`${partner} ${reference}: refused, and yet paid`];
      if (found.length !== 1) return [`${partner} ${reference}: ${found.length} times paid in our facts`];
      return found[0]?.amount === BigInt(amount) ? [] : [`${partner} ${reference}: another amount`];
    }),
  );
}

const CREDITED = ['completed', 'reversing', 'reversed', 'refunding', 'partially_refunded', 'refunded'];

/** A payment is credited at most once, with its amount; one that says so is credited; nothing is credited unpaid. */
function credits(gateway: Fact[], billing: Fact[], states: Map<string, string>): string[] {
  const paid = groups(
    gateway.filter(({ kind }) => kind === 'paid'),
    ({ paymentNo }) => paymentNo,
  );
  const credited = groups(
    billing.filter(({ kind }) => kind === 'credited'),
    ({ paymentNo }) => paymentNo,
  );
  const troubles: string[] = [];
  for (const [no, found] of credited) {
    if (found.length !== 1) troubles.push(`payment ${no}: credited ${found.length} times`);
    if (!paid.has(no)) troubles.push(`payment ${no}: credited and never paid`);
    else if (found[0]?.amount !== paid.get(no)?.[0]?.amount) troubles.push(`payment ${no}: credited another amount`);
  }
  for (const [no, state] of states)
    if (CREDITED.includes(state) && !credited.has(no)) troubles.push(`payment ${no}: ${state}, and never credited`);
  return troubles;
}

/** A lane is numbered without gaps: a reader never sees k+1 without k. */
function gaps(service: string, facts: Fact[]): string[] {
  return [...groups(facts, ({ lane }) => lane)].flatMap(([lane, rows]) => {
    const first = rows.findIndex(({ seq }, index) => seq !== BigInt(index + 1));
    return first < 0 ? [] : [`${service} lane ${lane}: a gap before ${rows[first]?.seq}`];
  });
}

/** The last state of each thing in one of the sandbox's journals. */
function latest<T>(stage: Stage, journal: string, kind: string, idOf: (thing: T) => string): T[] {
  const things = new Map<string, T>();
  const lines = readFileSync(join(stage.data, 'sandbox', `${journal}.ndjson`), 'utf8').split('\n');
  for (const line of lines.filter((each) => each !== '')) {
    const event = JSON.parse(line) as { t: string } & Record<string, T>;
    const thing = event.t === kind ? event[kind] : undefined;
    if (thing) things.set(idOf(thing), thing);
  }
  return [...things.values()];
}

function groups<T>(things: T[], keyOf: (thing: T) => string): Map<string, T[]> {
  const result = new Map<string, T[]>();
  for (const thing of things) result.set(keyOf(thing), [...(result.get(keyOf(thing)) ?? []), thing]);
  return result;
}
