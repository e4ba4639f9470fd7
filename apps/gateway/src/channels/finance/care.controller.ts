import { Controller, HttpCode, Post } from '@nestjs/common';
import { Operation, ValidBody } from '@yidian/http';
import { maskNumber } from '@yidian/security';
import type { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { Timeline } from '../../payments';
import { OperatorAudit } from './operator-audit';
import { branchOf } from './scope';
import { timeline, timelineBody } from './settlement.schema';

@Controller('v1/care')
export class CareController {
  constructor(
    private readonly timeline: Timeline,
    private readonly audit: OperatorAudit,
  ) {}

  /** A POST because numbers never stand in addresses. Looking at somebody's life is itself written down. */
  @Post('timelines')
  @HttpCode(200)
  @ForOperator('customer_care', 'operations', 'auditor', 'branch_finance')
  @Operation({
    id: 'getTimeline',
    summary: 'Everything that happened to a number, in one line of time',
    door: 'operator',
    tag: 'Care',
    body: timelineBody,
    answers: { 200: timeline },
    problems: ['number_malformed'],
  })
  async show(
    @Operator() operator: OperatorCaller,
    @ValidBody() { number }: z.output<typeof timelineBody>,
  ): Promise<z.output<typeof timeline>> {
    const branch = branchOf(operator) ?? null;
    await this.audit.record(operator, 'timeline.view', `number/${maskNumber(number)}`);
    const { entries, gaps } = await this.timeline.execute(number, branch);
    return { object: 'timeline', number: maskNumber(number), entries, gaps };
  }
}
