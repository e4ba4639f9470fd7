import { ServerTCP, TcpContext, type TcpSocket } from '@nestjs/microservices';
import type { Socket } from 'node:net';
import { firstValueFrom, isObservable } from 'rxjs';
import { BadFrame, frameBytes, FrameReader, KIND, MAX_FRAME_BYTES, type Frame } from './frame';
import { asksForFrames, helloAnswer } from './hello';
import { answeredText, askedMessage } from './packed';

/** Whoever stops in the middle of a frame has gone; as long as Nest waits. */
const STALL_MS = 30_000;

/**
 * Nest's TCP server that also speaks in frames with whoever asks for them (hello.ts); controllers do not see the difference.
 * One answer per question: what a handler gives is awaited and sent as one buffer, without an observable in between.
 */
export class FrameServer extends ServerTCP {
  constructor(place: { host: string; port: number }) {
    super(place);
  }

  override async handleMessage(socket: TcpSocket, message: unknown): Promise<unknown> {
    if (!asksForFrames(message)) return super.handleMessage(socket, message);
    socket.sendMessage(helloAnswer);
    this.speakFrames(socket);
    return undefined;
  }

  private speakFrames(peer: TcpSocket): void {
    const socket = peer.netSocket;
    const reader = new FrameReader();
    const take = (frame: Frame) => this.take(frame, peer);
    let stalled: NodeJS.Timeout | undefined;
    socket.setNoDelay(true);
    socket.removeAllListeners('data'); // the caller is silent until it has its answer, so nothing is left in the text form
    socket.on('data', (chunk: Buffer) => {
      clearTimeout(stalled);
      try {
        reader.push(chunk, take);
      } catch (error) {
        socket.destroy(error instanceof Error ? error : undefined);
        return;
      }
      if (!reader.midway) return;
      stalled = setTimeout(() => socket.destroy(new BadFrame('a frame stopped in its middle')), STALL_MS).unref();
    });
    socket.once('close', () => clearTimeout(stalled));
  }

  private take(frame: Frame, peer: TcpSocket): void {
    const { kind, call, pattern, text } = frame;
    if (kind !== KIND.asked && kind !== KIND.packedAsked)
      throw new BadFrame('an answer to a question that nobody asked');
    const message = askedMessage(pattern, { packed: kind === KIND.packedAsked, text });
    void this.answer(call, pattern, message, peer).then((bytes) => send(peer.netSocket, bytes));
  }

  private async answer(call: number, pattern: string, message: unknown, peer: TcpSocket): Promise<Buffer> {
    const handler = this.messageHandlers.get(pattern);
    if (!handler) return refused(call, { status: 'error', message: `nobody here answers ${pattern}` });
    try {
      const given: unknown = await handler(message, new TcpContext([peer, pattern]));
      const reply = isObservable(given) ? await firstValueFrom(given, { defaultValue: null }) : given;
      const { packed, text } = answeredText(pattern, reply);
      return frameBytes(packed ? KIND.packedAnswered : KIND.answered, call, '', text);
    } catch (error) {
      return refused(call, error);
    }
  }
}

/** Nest's filters make an object of what a handler throws; of anything else only its message leaves the process. */
function refused(call: number, error: unknown): Buffer {
  const told = error instanceof Error ? { status: 'error', message: error.message } : error;
  return frameBytes(KIND.refused, call, '', JSON.stringify(told ?? null));
}

/** A peer that asks and does not read is not read from either, and is left when it holds too much. */
function send(socket: Socket, bytes: Buffer): void {
  if (socket.destroyed || socket.write(bytes)) return;
  if (socket.writableLength > MAX_FRAME_BYTES) return void socket.destroy(new BadFrame('answers that nobody reads'));
  if (socket.isPaused()) return;
  socket.pause();
  socket.once('drain', () => socket.resume());
}
