import { parentPort, workerData } from 'node:worker_threads';
import { FactRecords, type BookOf } from '../../../apps/reconciliation/src/matching/engine/fact-records';
import { SipHash } from '../../../apps/reconciliation/src/matching/engine/sip-hash';
import { Spill } from '../../../apps/reconciliation/src/matching/engine/spill';
import { rawQuery } from './raw-query';
import { RowPackets } from './row-packets';

/** A source's table, and where the records of its book go. */
export interface RowsTask {
  url: string;
  sql: string;
  /** 16 bytes, hex. */
  hashKey: string;
  spill: string;
  bits: number;
  book: BookOf;
}

/** A thread that reads one source's facts on a connection of its own into partitions of records. */
async function readRows({ url, sql, hashKey, spill: file, bits, book }: RowsTask): Promise<void> {
  const sip = new SipHash(Buffer.from(hashKey, 'hex'));
  const [records, spill] = [new FactRecords(sip, book), new Spill(file, bits)];
  const packets = new RowPackets(sip, records, spill);
  await rawQuery(url, sql, (piece) => packets.read(piece));
  parentPort?.postMessage(records.result(spill.close()));
}

void readRows(workerData as RowsTask);
