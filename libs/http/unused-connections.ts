import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Browsers and HTTP clients open connections before they need them. One that has asked for nothing counts as busy
 * for Node, and a stop would wait for it until its headers time out: such a connection is cut when the server closes.
 * @returns to be told of each connection that Node is given
 */
export function cutUnusedConnections(instance: FastifyInstance): (socket: Socket) => void {
  const unused = new Set<Socket>();
  instance.server.on('request', ({ socket }: IncomingMessage) => unused.delete(socket));
  instance.addHook('preClose', (done) => {
    for (const socket of unused) socket.destroy();
    done();
  });
  return (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  };
}
