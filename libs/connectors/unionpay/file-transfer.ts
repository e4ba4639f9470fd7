import { createInflate } from 'node:zlib';
import { atMost, LARGEST_STATEMENT, type StatementFile } from '../contract';
import { NO_FILE } from './codes';
import type { Fields } from './fields';
import type { Link } from './link';
import { nearestDate, txnTime } from './times';

const DAY = 86_400_000;
/** Files lie there from the next morning: a day that has none two days later had nothing. */
const NONE_AFTER_MS = 2.5 * DAY;

export interface FilePlace {
  link: Link;
  accessType: string;
  now: () => Date;
}

/** 76: the statement of one accounting day, a zip inside a deflated field. */
export async function fetchStatement(place: FilePlace, date: string, signal: AbortSignal): Promise<StatementFile> {
  const { link, accessType, now } = place;
  const settleDate = date.slice(5).replace('-', '');
  const answer = await link.file(
    {
      txnType: '76',
      txnSubType: '01',
      bizType: '000000',
      accessType,
      txnTime: txnTime(now()),
      fileType: '00',
      settleDate,
    },
    signal,
  );
  const code = answer.get('respCode') ?? '';
  if (code === NO_FILE) return { state: isLongOver(date, now()) ? 'none_today' : 'not_ready' };
  if (code !== '00') throw new Error(`statement of ${date}: answer code ${code}`);
  if (!isOf(answer, date)) throw new Error(`statement of ${date}: another day was answered`);
  const packed = Buffer.from(answer.get('fileContent') ?? '', 'base64');
  if (packed.length === 0) throw new Error(`statement of ${date}: an answer without fileContent`);
  const content = atMost(LARGEST_STATEMENT, inflated(packed));
  return { state: 'ready', fileName: fileName(answer.get('fileName'), date), content };
}

async function* inflated(packed: Buffer): AsyncGenerator<Uint8Array> {
  const unpacking = createInflate();
  unpacking.end(packed);
  for await (const chunk of unpacking) yield chunk as Buffer;
}

/** An accounting day ends at 23:00 in Beijing. */
const isLongOver = (date: string, now: Date): boolean =>
  now.getTime() - Date.parse(`${date}T23:00:00+08:00`) > NONE_AFTER_MS;

function isOf(answer: Fields, date: string): boolean {
  const said = answer.get('settleDate');
  return said === undefined || said === '' || nearestDate(said, new Date(`${date}T12:00:00+08:00`)) === date;
}

/** Only what is a plain name: it becomes one of ours. */
const fileName = (said: string | undefined, date: string): string =>
  said !== undefined && /^[0-9A-Za-z][0-9A-Za-z_.-]{0,99}$/.test(said) ? said : `${date}.unionpay.zip`;
