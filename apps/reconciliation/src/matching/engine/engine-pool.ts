import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { AskFees, FeeAnswer, FeeQuestion } from './fee-table';
import { EngineWorker, type WorkerSettings } from './engine-worker';

type Method = {
  [K in keyof EngineWorker]: EngineWorker[K] extends (...args: never[]) => unknown ? K : never;
}[keyof EngineWorker];
type Input<M extends Method> = Parameters<EngineWorker[M]>[0];
type Output<M extends Method> = Awaited<ReturnType<EngineWorker[M]>>;

export interface ToWorker {
  id: number;
  method?: Method;
  input?: unknown;
  /** The answer to what the worker asked under this id. */
  fees?: FeeAnswer[];
}
export interface FromWorker {
  id: number;
  result?: unknown;
  error?: Error;
  ask?: FeeQuestion[];
}

export interface Workers {
  count: number;
  /** False: all in the caller's own thread, for what is over before a thread would have started. */
  threads: boolean;
}

/** Below this a thread takes longer to start than the work. */
const WORTH_THREADS = 50_000;
const MOST_THREADS = 4;
/** Threads run compiled files only. */
const COMPILED = __filename.endsWith('.js');

export function workersFor(records: number): Workers {
  const threads = COMPILED && records > WORTH_THREADS;
  return { count: threads ? Math.min(MOST_THREADS, availableParallelism()) : 1, threads };
}

/** One worker, wherever it runs. */
interface Hand {
  call<M extends Method>(method: M, input: Input<M>): Promise<Output<M>>;
  close(): Promise<void>;
}

/** The workers of one run. Tasks of a list go to whoever is free; results keep the order of the list. */
export class EnginePool {
  private constructor(private readonly hands: readonly Hand[]) {}

  static open({ count, threads }: Workers, settings: Omit<WorkerSettings, 'name'>, ask: AskFees): EnginePool {
    // Two may do the same step at once: what is on its way is each one's own, what is finished is the same.
    const own = randomBytes(4).toString('hex');
    const names = Array.from({ length: Math.max(1, count) }, (_, n) => `${own}-${n}`);
    const hand = threads ? thread : here;
    return new EnginePool(names.map((name) => hand({ ...settings, name }, ask)));
  }

  get size(): number {
    return this.hands.length;
  }

  /** The same to every worker. */
  all<M extends Method>(method: M, input: Input<M>): Promise<Output<M>[]> {
    return Promise.all(this.hands.map((hand) => hand.call(method, input)));
  }

  /** To one worker of choice. */
  one<M extends Method>(worker: number, method: M, input: Input<M>): Promise<Output<M>> {
    return (this.hands[worker % this.hands.length] as Hand).call(method, input);
  }

  /** @param ended told after each task: how many of the list have ended */
  async each<M extends Method>(
    method: M,
    inputs: readonly Input<M>[],
    ended?: (count: number) => void,
  ): Promise<Output<M>[]> {
    const results: Output<M>[] = [];
    let next = 0;
    let count = 0;
    const work = async (hand: Hand): Promise<void> => {
      while (next < inputs.length) {
        const place = next++;
        results[place] = await hand.call(method, inputs[place]);
        ended?.(++count);
      }
    };
    await Promise.all(this.hands.map(work));
    return results;
  }

  async close(): Promise<void> {
    await Promise.all(this.hands.map((hand) => hand.close()));
  }
}

function here(settings: WorkerSettings, ask: AskFees): Hand {
  const worker = new EngineWorker(settings, ask);
  return {
    call: async <M extends Method>(method: M, input: Input<M>): Promise<Output<M>> =>
      (await (worker[method] as (input: Input<M>) => unknown).call(worker, input)) as Output<M>,
    close: () => Promise.resolve(worker.closeJoin()),
  };
}

function thread(settings: WorkerSettings, ask: AskFees): Hand {
  const worker = new Worker(join(__dirname, 'engine.worker.js'), {
    workerData: settings,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let ids = 0;
  const fail = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('message', (message: FromWorker) => {
    if (message.ask) {
      ask(message.ask).then((fees) => worker.postMessage({ id: message.id, fees } satisfies ToWorker), fail);
      return;
    }
    const caller = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error) caller?.reject(message.error);
    else caller?.resolve(message.result);
  });
  worker.on('error', fail);
  worker.on('exit', (code) => fail(new Error(`a matching thread ended with ${code}`)));
  return {
    call: <M extends Method>(method: M, input: Input<M>) =>
      new Promise<Output<M>>((resolve, reject) => {
        const id = ids++;
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
        worker.postMessage({ id, method, input } satisfies ToWorker, transfers(input));
      }),
    close: async () => void (await worker.terminate()),
  };
}

/** A text is handed over, not copied: 2 MB each, thousands of them. */
function transfers(input: unknown): ArrayBuffer[] {
  const bytes = (input as { bytes?: Uint8Array } | undefined)?.bytes;
  return bytes && bytes.byteLength === bytes.buffer.byteLength ? [bytes.buffer as ArrayBuffer] : [];
}
