import { parentPort, workerData } from 'node:worker_threads';
import { writeSlab, type SlabOrder } from './signed-slab';

const slab = writeSlab(workerData as SlabOrder);
parentPort?.postMessage(slab, [slab.bytes.buffer, slab.offsets.buffer]);
