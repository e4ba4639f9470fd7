import { Inject, Injectable } from '@nestjs/common';
import type { positionsGet, PositionsReply } from '@yidian/contracts';
import type { RpcClient } from '@yidian/messaging';
import { toDigits } from '@yidian/money';
import type { z } from 'zod';
import { Directory, nameOf, type Names } from '../parties/directory';
import { RECONCILIATION } from '../resources/tokens';
import { NOTHING, netOf, positionsOf, type Party, type PartyKind, type Position } from './position';
import { PositionsStore } from './positions.store';

/** Before any date: where cumulative positions begin. */
const EVER = '1970-01-01';
const ORDER: readonly PartyKind[] = ['branch', 'provider', 'partner', 'hq'];
const CALL_MS = 3_000;

@Injectable()
export class GetPositions {
  constructor(
    private readonly positions: PositionsStore,
    private readonly directory: Directory,
    @Inject(RECONCILIATION) private readonly reconciliation: RpcClient<'reconciliation'>,
  ) {}

  /** Every branch has its row, also with nothing in it; with `branch` that one row only. */
  async execute({ date, branch, scope }: z.output<typeof positionsGet>): Promise<PositionsReply> {
    const [legs, names, state] = await Promise.all([
      this.positions.legs(scope === 'cumulative' ? EVER : date, date),
      this.directory.names(),
      this.dayState(date),
    ]);
    const found = positionsOf(legs);
    for (const code of [...names.branches.keys(), ...(branch ? [branch] : [])])
      if (!found.has(`branch/${code}`))
        found.set(`branch/${code}`, { party: { kind: 'branch', code }, position: NOTHING });
    const rows = [...found.values()]
      .filter(({ party }) => branch === undefined || (party.kind === 'branch' && party.code === branch))
      .sort((a, b) => compare(a.party, b.party))
      .map(({ party, position }) => row(names, party, position));
    return { date, ...state, rows };
  }

  /** Reconciliation knows when a date is signed off. While it is silent the figures are not called final. */
  private async dayState(date: string): Promise<{ final: boolean; openBreaks: number }> {
    try {
      const night = await this.reconciliation.call('night.status', { date }, CALL_MS);
      return {
        final: night.signedOff,
        openBreaks: night.providers.reduce((sum, { openBreaks }) => sum + openBreaks, 0),
      };
    } catch {
      return { final: false, openBreaks: await this.positions.openItems(date) };
    }
  }
}

function row(names: Names, { kind, code }: Party, position: Position): PositionsReply['rows'][number] {
  return {
    party: code,
    partyKind: kind,
    ...nameOf(names, kind, code),
    principal: toDigits(position.principal),
    refunds: toDigits(position.refunds),
    fees: toDigits(position.fees),
    commissionGiven: toDigits(position.commissionGiven),
    commissionEarned: toDigits(position.commissionEarned),
    adjustments: toDigits(position.adjustments),
    paid: toDigits(position.paid),
    net: toDigits(netOf(position)),
  };
}

const compare = (a: Party, b: Party): number =>
  ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);
