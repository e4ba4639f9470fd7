import { parentPort, workerData } from 'node:worker_threads';
import type { FromSettler, SettleSettings, ToSettler } from './settle-messages';
import { Settler } from './settler';

/** A thread of the settlement engine: a segment comes as a message, its place in the archive goes back. */
const port = parentPort;
if (!port) throw new Error('this is a worker thread');

const settler = new Settler(workerData as SettleSettings);

async function answer(question: ToSettler): Promise<FromSettler> {
  try {
    if (question === 'end') return { counted: settler.counted() };
    return { settled: await settler.settle(question.part, question.segment) };
  } catch (error) {
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

port.on('message', (question: ToSettler) => {
  void answer(question).then((message) => port.postMessage(message));
});
