import { openDb } from '@yidian/database';
import { Ledger } from './ledger';
import { make, Round, type Move } from './ledger-moves';
import type { PostingAnswer } from './posting';

/** A writer as a process of its own, for tests that kill it: opens a ledger, makes the moves it is told, answers each. */
export type Order = { open: string } | { id: number; round: string; move: Move };
export type Reply =
  { opened: true } | { id: number; answer: PostingAnswer } | { id: number; error: { name: string; message: string } };

let ledger: Ledger | undefined;

async function carryOut(order: Order): Promise<Reply> {
  if ('open' in order) {
    const db = await openDb({ url: order.open, poolSize: 4 });
    ledger = new Ledger({ url: order.open, service: 'ledger', instance: 'killed', db, limits: { items: 16 } });
    await ledger.open();
    return { opened: true };
  }
  const { id, round, move } = order;
  try {
    if (!ledger) throw new Error('not open');
    return { id, answer: await make(ledger, new Round(round), move) };
  } catch (error) {
    const { name, message } = error as Error;
    return { id, error: { name, message } };
  }
}

process.on('message', (order: Order) => {
  carryOut(order).then(
    (reply) => process.send?.(reply),
    () => process.exit(1),
  );
});
