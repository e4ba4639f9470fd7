import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker, ToWorker } from './engine-pool';
import { EngineWorker, type WorkerSettings } from './engine-worker';
import type { FeeAnswer, FeeQuestion } from './fee-table';

/** A thread of the matching engine: calls come as messages, and fees are asked of who started it. */
const port = parentPort;
if (!port) throw new Error('this is a worker thread');

const asked = new Map<number, (fees: FeeAnswer[]) => void>();
let ids = 0;

function ask(questions: readonly FeeQuestion[]): Promise<FeeAnswer[]> {
  const id = ids++;
  return new Promise((resolve) => {
    asked.set(id, resolve);
    port?.postMessage({ id, ask: [...questions] } satisfies FromWorker);
  });
}

const worker = new EngineWorker(workerData as WorkerSettings, ask);

port.on('message', ({ id, method, input, fees }: ToWorker) => {
  if (fees) {
    asked.get(id)?.(fees);
    asked.delete(id);
    return;
  }
  if (method) void work(id, method, input);
});

async function work(id: number, method: NonNullable<ToWorker['method']>, input: unknown): Promise<void> {
  try {
    const result = await (worker[method] as (input: unknown) => unknown).call(worker, input);
    port?.postMessage({ id, result } satisfies FromWorker);
  } catch (error) {
    port?.postMessage({ id, error: error instanceof Error ? error : new Error(String(error)) } satisfies FromWorker);
  }
}
