import type { Door } from './door';
import { Journal } from './journal';
import { Outstanding } from './outstanding';
import type { Command, Message, Results } from './protocol';
import { Run } from './run';
import { settle } from './settle';
import { signSlabs, type Slab } from './signed-slab';

/** The load generator: a process of its own, so that its work is counted apart. Told what to do by tools/bench/topup. */
let outstanding: Outstanding | undefined;
let signed: { door: Door; slabs: Slab[] } | undefined;

const tell = (message: Message): void => void process.send?.(message);

async function carryOut(command: Command): Promise<Results[keyof Results]> {
  if (command.do === 'begin') {
    outstanding = new Outstanding(command.book, new Journal(command.journal));
    return null;
  }
  if (!outstanding) throw new Error('the generator was not told which orders');
  switch (command.do) {
    case 'sign': {
      const { door, first, requests } = command;
      const from = performance.now();
      signed = undefined; // lets go of the last slabs before the next are made
      signed = { door, slabs: await signSlabs({ door, book: outstanding.book, first, requests }) };
      return { ms: Math.round(performance.now() - from) };
    }
    case 'run': {
      if (!signed) throw new Error('nothing is signed');
      return new Run(signed.door, signed.slabs, outstanding, command.run, tell).execute();
    }
    case 'settle': {
      const result = await settle(command.door, outstanding, command.seconds);
      await outstanding.journal.flush();
      return result;
    }
    case 'end':
      await outstanding.journal.close();
      return null;
  }
}

process.on('message', (command: Command) => {
  carryOut(command).then(
    (result) => tell({ say: 'done', result }),
    (error: unknown) => tell({ say: 'failed', reason: error instanceof Error ? (error.stack ?? '') : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0)); // nobody is left who wants to know
