import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { BOOK, Problem } from '@yidian/errors';
import { PersonNumbers } from '../../notifications/person-number';
import { Poll } from '../../notifications/poll';
import { SmsSender } from '../../notifications/sms-sender';
import { LOGGER, type Logger } from '../../platform';
import { AnswerMessage } from './answer-message';
import { MessagesStore, type MessageRow } from './messages.store';
import { answerId, type Text } from './text-order';

const SWEEP_MS = 500;
const AT_ONCE = 32;
/** A claim that died is taken up again after this; a bank's answer is waited for less long. */
const LEASE_MS = 15_000;
/** Nothing was done: tried again for so long before the sender is told that it is busy. */
const PATIENCE_MS = 20_000;
const BUSY_PAUSE_MS = 1_000;
/** Not known what was done: the same key is asked again until it is known, and nobody is told anything untrue. */
const UNKNOWN_PAUSES_MS = [5_000, 15_000, 60_000, 300_000];

/**
 * Works stored messages off. Whether a message is done stands in its row, so a kill at any point means that it is taken
 * up again; the ring of a fresh message only saves the wait for the next sweep.
 */
@Injectable()
export class MessagesJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly poll: Poll;
  private readonly running = new Set<Promise<void>>();
  private stopped = false;

  constructor(
    private readonly messages: MessagesStore,
    private readonly answers: AnswerMessage,
    private readonly sms: SmsSender,
    private readonly numbers: PersonNumbers,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.poll = new Poll(
      SWEEP_MS,
      () => this.sweep(),
      (err) => logger.warn({ err }, 'message sweep'),
    );
  }

  onApplicationBootstrap(): void {
    this.poll.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.poll.stop();
    await Promise.all(this.running);
  }

  /** Starts on it now when there is room; else the sweep will. */
  ring(row: MessageRow): void {
    if (this.stopped || this.running.size >= AT_ONCE) return;
    const work = this.take(row)
      .catch((err: unknown) => this.logger.warn({ err, message: row.id }, 'a message waits for the next sweep'))
      .finally(() => this.running.delete(work));
    this.running.add(work);
  }

  async sweep(): Promise<void> {
    const room = AT_ONCE - this.running.size;
    if (room > 0) for (const row of await this.messages.due(room)) this.ring(row);
  }

  private async take(row: MessageRow): Promise<void> {
    if (!(await this.messages.claim(row, new Date(Date.now() + LEASE_MS)))) return;
    const from = this.numbers.open(row.from_sealed);
    try {
      const { text, paymentNo } = await this.answers.execute(
        { id: row.id, from },
        this.numbers.openText(row.text_sealed),
      );
      if (text) await this.sms.send(from, text.code, text.params, answerId(row.id));
      await this.messages.finish(row.id, paymentNo);
    } catch (error) {
      await this.undone(row, from, error);
    }
  }

  private async undone(row: MessageRow, from: string, error: unknown): Promise<void> {
    if (error instanceof Problem && error.code !== 'internal') {
      const waited = Date.now() - row.received_at.getTime();
      if (error.code === 'busy' && waited < PATIENCE_MS) {
        return this.messages.again(row.id, new Date(Date.now() + BUSY_PAUSE_MS));
      }
      const text: Text = error.code === 'busy' ? BUSY : { code: 'refused', params: { why: BOOK[error.code].titleZh } };
      await this.sms.send(from, text.code, text.params, answerId(row.id));
      return this.messages.finish(row.id, null);
    }
    this.logger.warn({ err: error, message: row.id }, 'a message waits for its next try');
    const pause = UNKNOWN_PAUSES_MS[Math.min(row.tries, UNKNOWN_PAUSES_MS.length - 1)] ?? LEASE_MS;
    return this.messages.again(row.id, new Date(Date.now() + pause));
  }
}

const BUSY: Text = { code: 'busy', params: {} };
