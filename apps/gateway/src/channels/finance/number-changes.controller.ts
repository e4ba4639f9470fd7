import { Controller, Post, Res } from '@nestjs/common';
import { changeKind, suspendReason, type ChangeAnswer } from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import {
  branchField,
  IdempotencyKey,
  maskedNumber,
  numberField,
  Operation,
  timeAnswer,
  timeField,
  ValidBody,
} from '@yidian/http';
import { maskNumber } from '@yidian/security';
import type { FastifyReply } from 'fastify';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { BillingRpc } from '../../platform';
import { OperatorAudit } from './operator-audit';
import { assertHeadquarters } from './scope';

const changeBody = z.strictObject({
  number: numberField,
  /** What happened. A low balance is told by the branch's system only. */
  kind: changeKind.exclude(['low_balance']),
  /** When it happened: what is older than a change that is applied already is recorded and changes nothing. */
  at: timeField,
  reason: z.string().trim().min(1).max(200),
  /** Of the owner from then on. */
  name: z.string().trim().min(1).max(40).optional(),
  /** That serves the number from then on; with `ported_in`. */
  branch: branchField.optional(),
  /** With `suspended`; left out: loss. In arrears a number can be paid for, and its cards are not frozen. */
  suspend_reason: suspendReason.optional(),
});
const change = z
  .object({
    object: z.literal('number_change'),
    number: maskedNumber,
    kind: changeKind,
    at: timeAnswer,
    /** stale: it happened before a change that is applied already; it is recorded and changed nothing. */
    outcome: z.enum(['changed', 'stale']),
    /** Its place among all that happened to numbers; null when it changed nothing. */
    event: z.string().nullable(),
  })
  .meta({ id: 'NumberChange' });

@Controller('v1/operations')
export class NumberChangesController {
  constructor(
    private readonly billing: BillingRpc,
    private readonly audit: OperatorAudit,
  ) {}

  @Post('number_changes')
  @ForOperator('operations')
  @Operation({
    id: 'changeNumber',
    summary: 'Tell what happened to a number',
    description:
      'For what its branch cannot tell itself. Closing a number ends its agreements and moves what is left on its account.',
    door: 'operator',
    tag: 'Operations',
    body: changeBody,
    keyed: true,
    answers: { 201: change },
    problems: ['number_unknown', 'number_malformed', 'state_conflict'],
  })
  async change(
    @Operator() operator: OperatorCaller,
    @IdempotencyKey() key: string,
    @ValidBody() body: z.output<typeof changeBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof change>> {
    assertHeadquarters(operator);
    const { number, kind, at, reason, branch } = body;
    const masked = maskNumber(number);
    const noted = { kind, at, reason, branch, suspend_reason: body.suspend_reason, named: body.name !== undefined };
    await this.audit.record(operator, 'number.change', `number/${masked}`, noted);
    const answer = await this.billing.call('subscribers.change', {
      key: createHash('sha256').update(key).digest('hex'),
      source: `operator:${operator.username}`,
      msisdn: number,
      kind,
      at,
      name: body.name,
      branch,
      suspendReason: body.suspend_reason,
    });
    if (answer.outcome === 'replay') void reply.header('idempotency-replayed', 'true');
    return {
      object: 'number_change',
      number: masked,
      kind,
      at: new Date(at).toISOString(),
      outcome: outcomeOf(answer),
      event: answer.eventId ?? null,
    };
  }
}

/** @throws Problem where nothing was done */
function outcomeOf({ outcome, first, reason }: ChangeAnswer): 'changed' | 'stale' {
  const told = outcome === 'replay' ? (first ?? 'changed') : outcome;
  if (told === 'changed' || told === 'stale') return told;
  if (told === 'unknown_number') throw new Problem('number_unknown');
  if (reason === 'key_reused') throw new Problem('idempotency_key_reused');
  if (reason === 'not_yet')
    throw new Problem('field_invalid', {
      detail: 'What has not happened yet cannot be told.',
      errors: [{ pointer: '/at', code: 'field_invalid', detail: 'lies in the future' }],
    });
  throw new Problem('state_conflict', { detail: 'The state of the number allows no such change.' });
}
