import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Door, OrderBook } from './door';
import { RequestWriter } from './request-bytes';

/** Requests ready to be sent, one behind the other in one piece of memory: sending one is a write and nothing else. */
export interface Slab {
  /** Running number of the first order. */
  first: number;
  /** Where request i begins; one more entry than requests. */
  offsets: Uint32Array<ArrayBuffer>;
  bytes: Uint8Array<ArrayBuffer>;
}

export interface SlabOrder {
  door: Door;
  book: OrderBook;
  first: number;
  requests: number;
}

export function writeSlab({ door, book, first, requests }: SlabOrder): Slab {
  const writer = new RequestWriter(door, book);
  const offsets = new Uint32Array(requests + 1);
  let bytes = Buffer.allocUnsafeSlow(requests * Math.max(1_200, door.perRequest * 200));
  let end = 0;
  for (let i = 0; i < requests; i++) {
    const text = writer.post(first + i * door.perRequest);
    if (end + text.length > bytes.length) bytes = Buffer.concat([bytes], bytes.length * 2 + text.length);
    offsets[i] = end;
    end += bytes.write(text, end, 'latin1');
  }
  offsets[requests] = end;
  return { first, offsets, bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, end) };
}

/** Signs on every core before the measured window; an RSA signature costs more than everything else about a request. */
export async function signSlabs(order: SlabOrder): Promise<Slab[]> {
  const workers = order.requests < 2_000 ? 1 : availableParallelism();
  const share = Math.ceil(order.requests / workers);
  const parts = Array.from({ length: workers }, (_, index) => ({
    ...order,
    first: order.first + index * share * order.door.perRequest,
    requests: Math.max(0, Math.min(share, order.requests - index * share)),
  }));
  return Promise.all(parts.filter(({ requests }) => requests > 0).map(inWorker));
}

function inWorker(order: SlabOrder): Promise<Slab> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(join(__dirname, 'signer.worker.js'), { workerData: order });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
