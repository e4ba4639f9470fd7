import { Socket, type SocketConstructorOpts, type TcpSocketConnectOpts } from 'node:net';

/**
 * Reads sockets into one buffer. For a socket that a server accepted Node makes 64 KiB of new memory at each read, cuts it to what came and
 * sends it through a stream; a client may ask for a buffer of its own to be filled instead (`onread`, documented), which costs 5.4 µs a
 * request and answer where that costs 9.1. An accepted socket has the same machinery and no option for it: its members are found by their names on a
 * socket that was made with the option. A Node that names them otherwise gives its sockets as streams, as before.
 */
const ONE = Buffer.allocUnsafeSlow(65_536);
const ASKED: SocketConstructorOpts & Pick<TcpSocketConnectOpts, 'onread'> = {
  onread: { buffer: ONE, callback: () => true },
};
const MEMBERS = membersOf(new Socket(ASKED));

type Members = Record<'buffer' | 'callback', symbol>;

function membersOf(socket: Socket): Members | undefined {
  const named = (name: string) => Object.getOwnPropertySymbols(socket).find((symbol) => symbol.description === name);
  const [buffer, callback] = [named('kBuffer'), named('kBufferCb')];
  return buffer && callback ? { buffer, callback } : undefined;
}

interface Handle {
  useUserBuffer?(buffer: Buffer): void;
}

/**
 * @param received gets what came; `false` stops the reading until the socket is asked to go on
 * @returns whether this socket is read so from now on; else it is a stream as it was
 */
export function readIntoOne(socket: Socket, received: (bytes: Buffer) => boolean): boolean {
  const handle = (socket as unknown as { _handle?: Handle | null })._handle;
  if (!MEMBERS || !handle?.useUserBuffer) return false;
  // A copy of what came: the next read writes over it.
  const callback = (length: number) => received(Buffer.from(ONE.subarray(0, length)));
  Object.assign(socket, { [MEMBERS.buffer]: ONE, [MEMBERS.callback]: callback });
  handle.useUserBuffer(ONE);
  return true;
}
