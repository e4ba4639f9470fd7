import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DirectoryArchive } from '@yidian/archive';
import { factText } from '@yidian/testing';
import { CopyStatement } from '../../statements/copy-statement';
import { ReadStatement } from '../../statements/read-statement';
import type { StatementFile } from '../../statements/statements.store';
import { FORMATS, type FormatCase } from '../each-format.cases';
import { contractFee, DAY, PROVIDER, type History } from '../histories';
import { write } from '../histories.cases';
import { EnginePool } from './engine-pool';
import { EngineStage, HASH_KEY } from './engine-stage';
import { LineCopy } from './line-copy';
import { MatchEngine, type EngineOrder, type EngineResult } from './match-engine';
import { sealBook } from './seal-book';

/** Everything that the night goes on with, in an order of its own. */
const outcome = ({ totals, lines, numbers, plain, faults }: EngineResult) => ({
  ...{ totals, faults, digest: plain.digest, count: plain.count, amount: plain.amount, fees: plain.fees },
  numbers: [...numbers].sort(),
  lines: [...lines].sort((a, b) => (a.ourRef < b.ourRef ? -1 : 1)),
});

const aDay = (): History =>
  write(Array.from({ length: 200 }, (_, n) => [n % 9 === 0 ? 'uncredited' : 'completed', BigInt(n + 100)]));

const fees: EngineOrder['fees'] = (questions) =>
  Promise.resolve(questions.map(({ amount }) => Number(contractFee(BigInt(amount)))));

describe('a run that was killed', () => {
  let stage: EngineStage;
  let day: History;
  beforeEach(() => {
    stage = new EngineStage();
    day = aDay();
  });
  afterEach(() => stage.close());

  const run = async (count: number, more: Partial<EngineOrder> = {}) =>
    outcome(await stage.run(day, day.lines, { bits: 3, workers: { count, threads: false }, ...more }));

  test('whatever file is lost or damaged, any number of workers ends the same; what is whole is not done again', async () => {
    const whole = await run(2);
    const folder = join(stage.folder, 'run');
    const names = readdirSync(folder).filter((name) => name.startsWith('part-') || name.startsWith('statement-'));
    expect(names.length).toBeGreaterThan(8);
    for (const [n, name] of names.entries()) {
      if (n % 2 === 0) rmSync(join(folder, name));
      else writeFileSync(join(folder, name), damaged(name, readFileSync(join(folder, name))));
      expect(await run((n % 3) + 1)).toEqual(whole);
    }
    stage.asked = 0;
    await run(2);
    expect(stage.asked).toBe(0);
  });

  test('after each of its steps, and resumed with one to four workers: the same outcome', async () => {
    const whole = await run(2);
    let steps = 0;
    await run(1, { folder: join(stage.folder, 'counted'), share: () => steps++ });
    expect(steps).toBe(9);
    for (let last = 1; last <= steps; last++) {
      const folder = join(stage.folder, `killed-${last}`);
      let left = last;
      const share = (): void => {
        if (--left === 0) throw new Error('killed');
      };
      await expect(run((last % 3) + 1, { folder, share })).rejects.toThrow('killed');
      expect(await run((last % 4) + 1, { folder })).toEqual(whole);
    }
  });

  test('while it asks for fees, again and again: what was joined before is kept', async () => {
    const whole = await run(2);
    const folder = join(stage.folder, 'cut');
    for (let left = 0; left < 6; left += 2) {
      let asks = 0;
      const cut: EngineOrder['fees'] = (questions) =>
        asks++ < left ? fees(questions) : Promise.reject(new Error('the thread that asked is gone'));
      await expect(run(left + 1, { folder, fees: cut })).rejects.toThrow('gone');
    }
    expect(await run(4, { folder })).toEqual(whole);
  });
});

describe('a run on a statement of another format that was killed', () => {
  let stage: EngineStage;
  let archive: DirectoryArchive;
  let folder: string;
  let day: History;
  let file: StatementFile;
  beforeEach(async () => {
    stage = new EngineStage();
    archive = new DirectoryArchive(join(stage.folder, 'archive'));
    folder = join(stage.folder, 'run');
    mkdirSync(folder);
    day = aDay();
    const { connector, fileName, file: write } = FORMATS['Alipay, trades'] as FormatCase;
    expect(connector).toBe('alipay');
    const { path, sha256 } = await archive.put([PROVIDER, DAY, fileName], write(day.lines));
    file = { provider: PROVIDER, date: DAY, fileName, sha256, archivePath: path } as StatementFile;
  });
  afterEach(() => stage.close());

  /** @param killed told of every piece that was read */
  const copied = (killed?: () => void) =>
    new CopyStatement(new ReadStatement(archive)).execute(file, 'alipay', folder, killed);
  const run = async (count: number, more: Partial<EngineOrder> = {}) => {
    const { files, totals, unreadable } = await copied();
    const { path, sha256 } = files.lines;
    const statement = { path, sha256, copy: files };
    const order = await stage.order(day, [], { bits: 3, workers: { count, threads: false }, statement, ...more });
    return { ...outcome(await new MatchEngine(order).run()), read: totals, unreadable, copy: sha256 };
  };

  test('while it copies: begun anew, and what a killed one left behind is in nobody’s way', async () => {
    const whole = await run(2);
    expect(whole.count).toBeGreaterThan(150);
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    const left = new LineCopy(join(folder, 'copy-left'));
    day.lines.slice(0, 50).forEach((line) => left.add(line));
    const killed = (): void => {
      throw new Error('killed');
    };
    await expect(copied(killed)).rejects.toThrow('killed');
    expect(readdirSync(folder).filter((name) => name.endsWith('.json'))).toEqual([]);
    expect(await run(3)).toEqual(whole);
    left.drop();
  });

  test('whatever file is lost or damaged, any number of workers ends the same; a whole copy is not made again', async () => {
    const whole = await run(2);
    const names = readdirSync(folder).filter((name) => /^(copy|part|statement)-/.test(name));
    expect(names.filter((name) => name.startsWith('copy-'))).toHaveLength(4);
    for (const [n, name] of names.entries()) {
      const path = join(folder, name);
      if (n % 2 === 0 || name.endsWith('.json')) rmSync(path);
      else writeFileSync(path, damaged(name, readFileSync(path)));
      expect(await run((n % 4) + 1)).toEqual(whole);
    }
    const read = jest.fn();
    await copied(read);
    expect(read).not.toHaveBeenCalled();
  });

  test('after each of its steps, and resumed with one to four workers: the same outcome', async () => {
    const whole = await run(2);
    for (let last = 1; last <= 9; last++) {
      const own = join(stage.folder, `killed-${last}`);
      let left = last;
      const share = (): void => {
        if (--left === 0) throw new Error('killed');
      };
      await expect(run((last % 3) + 1, { folder: own, share })).rejects.toThrow('killed');
      expect(await run((last % 4) + 1, { folder: own })).toEqual(whole);
    }
  });
});

describe('a book whose sealing was killed', () => {
  let stage: EngineStage;
  beforeEach(() => (stage = new EngineStage()));
  afterEach(() => stage.close());

  test('at any text: it is none, and sealed again by any number of workers it is the same to the byte', async () => {
    const facts = aDay().facts.filter(({ service }) => service === 'gateway');
    const texts = facts.map((fact) => factText([{ ...fact, seq: `${fact.seq}`, amount: `${fact.amount}` }]));
    const seal = async (folder: string, count: number, stop: number) => {
      mkdirSync(folder, { recursive: true });
      const pool = EnginePool.open({ count, threads: false }, { folder, hashKey: HASH_KEY }, () => Promise.resolve([]));
      const book = { service: 'gateway' as const, provider: PROVIDER, date: DAY, horizon: {} };
      const { file, manifest } = await sealBook(pool, {
        ...{ folder, book, inputs: 'one', bits: 3 },
        texts: until(texts, stop),
      });
      return { manifest, bytes: readFileSync(file) };
    };
    const whole = await seal(join(stage.folder, 'whole'), 2, texts.length);
    expect(whole.manifest.facts).toBe(texts.length);
    for (let stop = 0; stop < texts.length; stop += Math.ceil(texts.length / 8)) {
      const folder = join(stage.folder, `stopped-${stop}`);
      await expect(seal(folder, 2, stop)).rejects.toThrow('killed');
      expect(readdirSync(folder)).not.toContain('gateway.book.json');
      expect(await seal(folder, (stop % 4) + 1, texts.length)).toEqual(whole);
    }
  });
});

function* until(texts: readonly string[], stop: number): Generator<Buffer> {
  for (const [n, text] of texts.entries()) {
    if (n === stop) throw new Error('killed');
    yield Buffer.from(text);
  }
}

/** A plan that tells of less, or bytes that are others. */
function damaged(name: string, bytes: Buffer): Buffer {
  if (name.endsWith('.json')) return Buffer.from('{"file":"","sha256":"","blocks":[{"file":"/nowhere"}]}');
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  return bytes;
}
