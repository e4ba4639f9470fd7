import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import type { HandMoveView } from '@yidian/contracts';
import {
  decodeCursor,
  encodeCursor,
  listOf,
  listSchema,
  Operation,
  ValidBody,
  ValidParams,
  ValidQuery,
  type ListOf,
} from '@yidian/http';
import type { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { SettlementRpc } from '../../platform';
import { asked, handMoveBody, handMoveParams, handMoveView, suspenseItem, suspenseQuery } from './hand-moves.schema';
import { OperatorAudit } from './operator-audit';
import { decisionBody } from './payouts.schema';
import { publicView } from './public-view';
import { ask, assertHeadquarters, FINANCE_READERS } from './scope';
import { refusable } from './service-refusals';

type Move = z.output<typeof handMoveView>;

/** Money that only people can move: a difference that is given up, a wrong branch, suspense items that cancel. */
@Controller('v1/finance')
export class HandMovesController {
  constructor(
    private readonly settlement: SettlementRpc,
    private readonly audit: OperatorAudit,
  ) {}

  @Get('suspense_items')
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'listSuspenseItems',
    summary: 'What waits in suspense at a provider, oldest statement first',
    ...{ door: 'operator', tag: 'Settlement', query: suspenseQuery, answers: { 200: listSchema(suspenseItem) } },
    problems: ['not_found', 'busy'],
  })
  async suspense(
    @Operator() operator: OperatorCaller,
    @ValidQuery() { provider, limit, cursor }: z.output<typeof suspenseQuery>,
  ): Promise<ListOf<z.output<typeof suspenseItem>>> {
    assertHeadquarters(operator);
    const after = cursor === undefined ? {} : { after: decodeCursor(cursor, ['date', 'itemId']) };
    const { items, more } = await ask(this.settlement.call('suspense.list', { provider, limit, ...after }));
    const last = more ? items.at(-1) : undefined;
    return listOf(
      '/v1/finance/suspense_items',
      items.map((item) => suspenseItem.parse(publicView(item))),
      last ? encodeCursor({ date: last.date, itemId: last.itemId }) : null,
    );
  }

  @Get('hand_moves')
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'listHandMoves',
    summary: 'Money moved by hand, and proposals for it, newest first',
    ...{ door: 'operator', tag: 'Settlement', answers: { 200: listSchema(handMoveView) } },
    problems: ['not_found', 'busy'],
  })
  async list(@Operator() operator: OperatorCaller): Promise<ListOf<Move>> {
    assertHeadquarters(operator);
    const { moves } = await ask(this.settlement.call('hand_moves.list', {}));
    return listOf('/v1/finance/hand_moves', moves.map(viewOf), null);
  }

  @Post('hand_moves')
  @HttpCode(201)
  @ForOperator('finance_maker')
  @Operation({
    id: 'proposeHandMove',
    summary: 'Propose to move money by hand; nothing moves before another person approves it',
    ...{ door: 'operator', tag: 'Settlement', body: handMoveBody, answers: { 201: handMoveView } },
    problems: ['not_found', 'busy'],
  })
  async propose(
    @Operator() operator: OperatorCaller,
    @ValidBody() { move, reason, evidence }: z.output<typeof handMoveBody>,
  ): Promise<Move> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'hand_move.propose', `hand_move/${move.kind}`, { ...move, reason });
    const wanted = { move: asked(move), reason, evidence, actor: operator.username };
    return viewOf(await refusable(this.settlement.call('hand_moves.propose', wanted)));
  }

  @Post('hand_moves/:move/decisions')
  @HttpCode(200)
  @ForOperator('finance_checker')
  @Operation({
    id: 'decideHandMove',
    summary: "Approve or reject somebody else's proposal",
    description: 'Once approved it is carried out under its own id: asked again it moves nothing twice.',
    ...{ door: 'operator', tag: 'Settlement', params: handMoveParams, body: decisionBody },
    answers: { 200: handMoveView },
    problems: ['not_found', 'own_proposal', 'state_conflict', 'busy'],
  })
  async decide(
    @Operator() operator: OperatorCaller,
    @ValidParams() { move: id }: z.output<typeof handMoveParams>,
    @ValidBody() { decision }: z.output<typeof decisionBody>,
  ): Promise<Move> {
    assertHeadquarters(operator);
    await this.audit.record(operator, `hand_move.${decision}`, `hand_move/${id}`);
    const wanted = { id, decision, actor: operator.username };
    return viewOf(await refusable(this.settlement.call('hand_moves.decide', wanted)));
  }
}

/** Payments have the name that all doors give them. */
function viewOf({ move, ...rest }: HandMoveView): Move {
  const named = move.kind === 'principal' ? { ...move, payment: `pay_${move.paymentNo}` } : move;
  return handMoveView.parse(publicView({ ...rest, move: named }));
}
