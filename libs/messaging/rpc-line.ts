import { JsonSocket } from '@nestjs/microservices';
import { connect, type Socket } from 'node:net';
import { BadFrame, frameBytes, FrameReader, KIND, type Frame } from './frame';
import { agreed, hello } from './hello';
import { answeredMessage, askedText } from './packed';

/** One question on its way. One of both is called, once. */
export interface Call {
  pattern: string;
  message: unknown;
  answered(reply: unknown): void;
  failed(cause: unknown): void;
}

/**
 * One connection to a service, from its opening to its end; it is never opened again. What waits for an answer when it ends
 * has failed without one: whether it was carried out is unknown, and nothing is sent a second time here.
 */
export class RpcLine {
  private readonly socket: Socket;
  private readonly text: JsonSocket;
  private readonly pending = new Map<number, Call>();
  /** Asked before both sides knew how to speak. */
  private waiting: Call[] | null = [];
  private speak: (id: number, call: Call) => void = () => undefined;
  private last = 0;
  private cause: unknown = new Error('the connection was closed');
  ended = false;

  constructor(host: string, port: number) {
    this.socket = connect({ host, port, noDelay: true });
    this.text = new JsonSocket(this.socket);
    this.socket.on('connect', () => this.text.sendMessage(hello));
    this.socket.on('message', (message: unknown) => this.heardText(message));
    // Nest's socket tells a broken text as a string and lets the peer finish; there is nothing to wait for.
    this.socket.on('error', (error: unknown) => this.end(error instanceof Error ? error : new Error(String(error))));
    this.socket.on('close', () => this.end(this.cause));
  }

  ask(call: Call): void {
    if (this.ended) return call.failed(this.cause);
    if (this.waiting) this.waiting.push(call);
    else this.send(call);
  }

  /** Its answer is not waited for any more. A line that did not even open by then is given up. */
  forget(call: Call): void {
    if (this.waiting) return this.end(new Error('the connection did not open in time'));
    for (const [id, known] of this.pending) if (known === call) this.pending.delete(id);
  }

  close(): void {
    this.end(this.cause);
  }

  private send(call: Call): void {
    this.last = (this.last + 1) >>> 0;
    this.pending.set(this.last, call);
    try {
      this.speak(this.last, call);
    } catch (error) {
      this.pending.delete(this.last); // it is no text, or too long a one: nothing was sent
      call.failed(error);
    }
  }

  private heardText(message: unknown): void {
    if (this.waiting) return this.begin(agreed(message));
    const { id, err, response } = message as { id?: unknown; err?: unknown; response?: unknown };
    const call = this.taken(Number(id));
    if (!call) return;
    if (err !== undefined && err !== null) call.failed(err);
    else if (response === undefined) call.failed(new Error('an answer without a reply'));
    else call.answered(response);
  }

  private begin(frames: boolean | undefined): void {
    if (frames === undefined) return this.end(new Error('the peer did not answer the first question'));
    if (frames) this.speakFrames();
    else this.speak = (id, { pattern, message }) => this.text.sendMessage({ pattern, data: message, id: String(id) });
    const asked = this.waiting ?? [];
    this.waiting = null;
    for (const call of asked) this.send(call);
  }

  private speakFrames(): void {
    const reader = new FrameReader();
    const take = (frame: Frame) => this.heard(frame);
    this.speak = (id, { pattern, message }) => {
      const { packed, text } = askedText(pattern, message);
      this.socket.write(frameBytes(packed ? KIND.packedAsked : KIND.asked, id, pattern, text));
    };
    this.socket.removeAllListeners('data'); // the peer's answer to the hello was its last text
    this.socket.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk, take);
      } catch (error) {
        this.end(error);
      }
    });
  }

  private heard({ kind, call: id, text }: Frame): void {
    if (kind === KIND.asked || kind === KIND.packedAsked) throw new BadFrame('a question on the side that asks');
    const call = this.pending.get(id);
    if (!call) return; // it came too late
    const packed = kind === KIND.packedAnswered;
    const reply =
      kind === KIND.refused ? (JSON.parse(text) as unknown) : answeredMessage(call.pattern, { packed, text });
    this.pending.delete(id);
    if (kind === KIND.refused) call.failed(reply);
    else call.answered(reply);
  }

  private taken(id: number): Call | undefined {
    const call = this.pending.get(id);
    this.pending.delete(id);
    return call;
  }

  private end(cause: unknown): void {
    if (this.ended) return;
    this.ended = true;
    this.cause = cause;
    this.socket.destroy();
    const left = [...(this.waiting ?? []), ...this.pending.values()];
    this.waiting = null;
    this.pending.clear();
    for (const call of left) call.failed(cause);
  }
}
