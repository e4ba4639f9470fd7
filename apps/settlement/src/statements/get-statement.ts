import { Injectable } from '@nestjs/common';
import type { PartyStatement } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import { Directory, nameOf, type Name, type Names } from '../parties/directory';
import { NOTHING, addPosition, netOf } from '../positions/position';
import { PositionsStore } from '../positions/positions.store';
import { linesOf, type PartyLine } from './party-lines';
import { statementXlsx } from './statement-sheet';

@Injectable()
export class GetStatement {
  constructor(
    private readonly positions: PositionsStore,
    private readonly directory: Directory,
  ) {}

  /** One party's day, positive = headquarters owes it; null when nobody of that code is known and nothing moved for it. */
  async execute(party: string, date: string): Promise<PartyStatement | null> {
    const [legs, names] = await Promise.all([this.positions.legs(date, date), this.directory.names()]);
    const lines = linesOf(party, legs);
    const name = nameFor(names, party);
    if (lines.length === 0 && !name) return null;
    const total = lines.reduce((sum, line) => addPosition(sum, line.position), NOTHING);
    const statement = {
      party,
      ...(name ?? { nameZh: party, nameEn: party }),
      date,
      gross: toDigits(total.principal),
      refunds: toDigits(total.refunds),
      fees: toDigits(total.fees),
      commissionGiven: toDigits(total.commissionGiven),
      commissionEarned: toDigits(total.commissionEarned),
      adjustments: toDigits(total.adjustments),
      paid: toDigits(total.paid),
      net: toDigits(netOf(total)),
      lines: lines.map(printed),
    };
    return { ...statement, xlsxBase64: (await statementXlsx(statement)).toString('base64') };
  }
}

const printed = ({ provider, channel, count, position }: PartyLine): PartyStatement['lines'][number] => ({
  provider,
  channel,
  count,
  principal: toDigits(position.principal + position.refunds),
  fee: toDigits(position.fees),
  commission: toDigits(position.commissionGiven + position.commissionEarned),
  adjustments: toDigits(position.adjustments),
  paid: toDigits(position.paid),
  net: toDigits(netOf(position)),
});

function nameFor(names: Names, party: string): Name | undefined {
  if (names.branches.has(party)) return nameOf(names, 'branch', party);
  return names.providers.get(party);
}
