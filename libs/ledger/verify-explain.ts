import type { Db } from '@yidian/database';
import type { Pace } from '@yidian/journal';
import type { Basis } from './verify-basis';
import { Look } from './verify-look';
import { OpenedDrawers, type Drawers, type WrongBalance } from './verify-sums';
import { eachTransfer } from './verify-walk';

const MOST_OPENED = 64;
const MOST_NAMED = 20;

/** A second look, with the wrong drawers open: the accounts in them, one by one. Their number bounds the memory it takes. */
export async function explainBalances(
  db: Db,
  basis: Basis,
  drawers: Drawers,
  wrong: readonly number[],
  pace: Pace,
): Promise<string> {
  const opened = new OpenedDrawers(drawers, wrong.slice(0, MOST_OPENED));
  const look = await Look.at(db, basis, opened, pace);
  const starts = basis.start?.lanes ?? new Map();
  await eachTransfer(db, { starts, ends: look.horizon.ends }, look.add, pace);
  const found = opened.wrong();
  const named = found.slice(0, MOST_NAMED).map(wordsOf);
  const rest = [
    ...(found.length > named.length ? [`${found.length - named.length} more`] : []),
    ...(wrong.length > MOST_OPENED ? [`${wrong.length - MOST_OPENED} of 4096 parts of the accounts not opened`] : []),
  ];
  return [...named, ...rest].join('; ') || 'a balance was off and is right now: somebody changed it meanwhile';
}

const wordsOf = ({ account, currency, holds, says }: WrongBalance): string =>
  `${account} holds ${holds} ${currency}, its transfers say ${says}`;
