import { setTimeout as sleep } from 'node:timers/promises';
import { referenceOf } from '../orders';
import { readAnswer, type Answer } from './answer';
import { Connection } from './connection';
import type { Door } from './door';
import { bulkMeanings, meaningOf, meaningOfList, type Meaning } from './outcomes';
import type { Outstanding } from './outstanding';
import type { SettleResult } from './protocol';
import { RequestWriter } from './request-bytes';

const CONNECTIONS = 16;
const PAUSE_MS = 300;
const ANSWER_MS = 15_000;

/**
 * What a partner does about every order without a final word: the same request with the same key until it was taken, then
 * questions by reference until the word is final.
 */
export async function settle(door: Door, outstanding: Outstanding, seconds: number): Promise<SettleResult> {
  const deadline = performance.now() + seconds * 1_000;
  const waiting = [...outstanding.open.keys()];
  const counts = { asked: waiting.length, completed: 0, refused: 0 };
  const one = async (asker: Asker): Promise<void> => {
    for (let n = waiting.pop(); n !== undefined; n = waiting.pop()) {
      const meaning = await asker.untilFinal(n, outstanding.open.get(n) ?? 'again', deadline);
      if (meaning.kind === 'again' || meaning.kind === 'pending') continue;
      outstanding.open.delete(n);
      if (meaning.kind === 'refused') {
        counts.refused += 1;
        outstanding.refuse(meaning.body);
      } else {
        counts.completed += 1;
        outstanding.acknowledge(n, meaning.paymentNumber);
      }
    }
  };
  const askers = Array.from({ length: CONNECTIONS }, () => new Asker(door, outstanding));
  await Promise.all(askers.map(one));
  for (const asker of askers) asker.close();
  return { ...counts, open: outstanding.open.size, samples: outstanding.samples.splice(0) };
}

class Asker {
  private readonly connection: Connection;
  private readonly writer: RequestWriter;
  private answer: (answer: Answer | undefined) => void = () => undefined;

  constructor(
    private readonly door: Door,
    private readonly outstanding: Outstanding,
  ) {
    this.writer = new RequestWriter(door, outstanding.book);
    this.connection = new Connection(door.host, door.port, {
      answered: (_, answer) => this.answer(answer),
      lost: () => this.answer(undefined),
    });
  }

  async untilFinal(n: number, known: 'pending' | 'again', deadline: number): Promise<Meaning> {
    let meaning: Meaning = { kind: known };
    while (performance.now() < deadline) {
      meaning = meaning.kind === 'pending' ? await this.question(n) : await this.request(n);
      if (meaning.kind === 'completed' || meaning.kind === 'refused') return meaning;
      await sleep(PAUSE_MS);
    }
    return meaning;
  }

  close(): void {
    this.connection.close();
  }

  /** The same request with the same key; of a bulk request, the whole of it. */
  private async request(n: number): Promise<Meaning> {
    const { perRequest } = this.door;
    const first = n - (n % perRequest);
    const answer = await this.ask(this.writer.post(first));
    if (!answer) return { kind: 'again' };
    if (perRequest === 1) return meaningOf(answer);
    return bulkMeanings(answer, perRequest)[n - first] ?? { kind: 'again' };
  }

  private async question(n: number): Promise<Meaning> {
    const answer = await this.ask(this.writer.askByReference(referenceOf(this.outstanding.book.run, n)));
    const meaning = answer ? meaningOfList(answer) : 'nothing';
    return meaning === 'nothing' || meaning.kind === 'again' ? { kind: 'pending' } : meaning;
  }

  private ask(request: string): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        this.connection.close();
        this.answer(undefined);
      }, ANSWER_MS);
      this.answer = (answer) => {
        clearTimeout(late);
        this.connection.current = -1;
        // The bytes belong to the connection: what is read later must be a copy.
        resolve(answer && readAnswer(Buffer.from(answer.bytes)));
      };
      this.connection.send(0, 0, request);
    });
  }
}
