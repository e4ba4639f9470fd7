import { connect, type Socket } from 'node:net';
import { connectionOptions } from '@yidian/database';
import mysql from 'mysql2/promise';

const COM_QUERY = 3;

/**
 * One query whose answer is taken as the server sends it. The driver connects and logs in on a socket of ours; from then on nobody
 * takes rows apart before the taker does.
 * @param take told every piece of the answer; true once it was the last
 */
export async function rawQuery(url: string, sql: string, take: (piece: Buffer) => boolean): Promise<void> {
  const options = connectionOptions(url);
  const socket = options.socketPath
    ? connect(options.socketPath)
    : connect({ host: options.host ?? '', port: options.port ?? 3_306 });
  try {
    // With attributes of a query negotiated, a query would have to carry their number.
    await mysql.createConnection({ ...options, stream: socket, flags: ['-CLIENT_QUERY_ATTRIBUTES'] });
    socket.removeAllListeners('data');
    const answered = answerOf(socket, take);
    socket.write(packetOf(sql));
    await answered;
  } finally {
    socket.destroy();
  }
}

function answerOf(socket: Socket, take: (piece: Buffer) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.on('data', (piece: Buffer) => {
      try {
        if (take(piece)) resolve();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the server closed before its answer was whole')));
  });
}

function packetOf(sql: string): Buffer {
  const text = Buffer.from(sql);
  const head = Buffer.alloc(5);
  head.writeUIntLE(text.length + 1, 0, 3);
  head[4] = COM_QUERY;
  return Buffer.concat([head, text]);
}
