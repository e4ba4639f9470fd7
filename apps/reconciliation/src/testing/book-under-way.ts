import { factText, type FactRecord } from '@yidian/testing';
import { FactRecords, type BookOf, type FactsResult } from '../matching/engine/fact-records';
import { FactText } from '../matching/engine/fact-text';
import { SipHash } from '../matching/engine/sip-hash';
import { BlockReader, Spill } from '../matching/engine/spill';

/** A book as far as its facts are read: records in one spilled file, by whatever way they come. */
export class BookUnderWay {
  readonly sip = new SipHash(Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex'));
  readonly records: FactRecords;
  readonly spill: Spill;

  constructor(file: string, book: BookOf) {
    this.records = new FactRecords(this.sip, book);
    this.spill = new Spill(file, 0);
  }

  /** As the lines that a source tells. */
  readLines(facts: readonly FactRecord[]): void {
    new FactText(this.sip, this.records).read(Buffer.from(factText(facts)), this.spill);
  }

  /** What came of them, but where it lies; and the words of the records. */
  end(): [FactsResult, Uint32Array] {
    const result = this.records.result(this.spill.close());
    const reader = new BlockReader();
    const words = reader.read(result.blocks);
    reader.close();
    return [{ ...result, blocks: [] }, words];
  }
}
