import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { listOf, listSchema, Operation, timeText, ValidBody, type ListOf } from '@yidian/http';
import { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { BranchTextsStore } from '../../notifications/branch-texts.store';
import { SaveBranchText } from '../../notifications/save-branch-text';
import { SMS_TEMPLATES, type SmsCode } from '../../notifications/sms-templates';
import { OperatorAudit } from '../finance/operator-audit';
import { branchOf } from '../finance/scope';

const CODES = Object.keys(SMS_TEMPLATES) as [SmsCode, ...SmsCode[]];
const parts = {
  branch: z.string().regex(/^\d{6}$/),
  code: z.enum(CODES),
  language: z.enum(['zh', 'en']),
};
const saveBody = z.strictObject({
  ...parts,
  /** Parts as `{amount}`; empty: the carrier's words again. */
  text: z.string().trim().max(400),
  reason: z.string().trim().min(1).max(200),
});
const branchText = z
  .object({ object: z.literal('branch_text'), ...parts, text: z.string(), saved_by: z.string(), saved_at: z.string() })
  .meta({ id: 'BranchText' });
type BranchTextView = z.output<typeof branchText>;

/** What people are told, in the words of their branch. */
@Controller('v1/branch_texts')
export class BranchTextsController {
  constructor(
    private readonly store: BranchTextsStore,
    private readonly save: SaveBranchText,
    private readonly audit: OperatorAudit,
  ) {}

  @Get()
  @ForOperator('operations', 'customer_care', 'auditor', 'branch_finance')
  @Operation({
    id: 'listBranchTexts',
    summary: 'Texts that branches have in their own words',
    door: 'operator',
    tag: 'SMS',
    answers: { 200: listSchema(branchText) },
  })
  async list(@Operator() operator: OperatorCaller): Promise<ListOf<BranchTextView>> {
    const own = branchOf(operator);
    const rows = (await this.store.all()).filter(({ branch }) => own === undefined || branch === own);
    const views = rows.map(({ saved_at, ...row }) => ({
      object: 'branch_text' as const,
      ...row,
      saved_at: timeText(saved_at),
    }));
    return listOf('/v1/branch_texts', views, null);
  }

  /** Refused when it is longer than two segments at its longest, has a link, or does not say that nothing was charged. */
  @Post()
  @HttpCode(204)
  @ForOperator('operations')
  @Operation({
    id: 'saveBranchText',
    summary: "Save a branch's words for a text, measured at their longest",
    door: 'operator',
    tag: 'SMS',
    body: saveBody,
    answers: { 204: null },
    problems: ['not_found'],
  })
  async put(@Operator() operator: OperatorCaller, @ValidBody() body: z.output<typeof saveBody>): Promise<void> {
    const own = branchOf(operator);
    if (own !== undefined && own !== body.branch) throw new Problem('not_found');
    const { branch, code, language, text } = body;
    await this.audit.record(operator, 'branch_text.save', `branch_text/${branch}/${code}/${language}`, body);
    await this.save.execute({ branch, code, language, text, saved_by: operator.username });
  }
}
