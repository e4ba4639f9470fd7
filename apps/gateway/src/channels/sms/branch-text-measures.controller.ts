import { Controller, HttpCode, Post } from '@nestjs/common';
import { Operation, ValidBody } from '@yidian/http';
import { z } from 'zod';
import { ForOperator } from '../../access';
import { measureText } from '../../notifications/measure-branch-text';
import { SMS_TEMPLATES, type SmsCode } from '../../notifications/sms-templates';

const CODES = Object.keys(SMS_TEMPLATES) as [SmsCode, ...SmsCode[]];
const measureBody = z
  .strictObject({
    code: z.enum(CODES),
    language: z.enum(['zh', 'en']),
    /** Empty: the carrier's words, with their parts named. */
    text: z.string().trim().max(400),
  })
  .meta({ id: 'MeasureBranchText' });
const measureView = z
  .object({
    object: z.literal('branch_text_measure'),
    text: z.string(),
    /** As it goes out with everything at its longest. */
    longest: z.string(),
    units: z.number().int(),
    segments: z.number().int(),
    /** Why it could not be saved. */
    fault: z.enum(['not_bracketed', 'part_unknown', 'link', 'money_not_told', 'too_long']).nullable(),
  })
  .meta({ id: 'BranchTextMeasure' });

/** What a text would cost, before it is saved. */
@Controller('v1/branch_text_measures')
export class BranchTextMeasuresController {
  @Post()
  @HttpCode(200)
  @ForOperator('operations', 'customer_care', 'auditor', 'branch_finance')
  @Operation({
    id: 'measureBranchText',
    summary: 'Measure words for a text at their longest; nothing is saved',
    door: 'operator',
    tag: 'SMS',
    body: measureBody,
    answers: { 200: measureView },
  })
  measure(@ValidBody() { code, language, text }: z.output<typeof measureBody>): z.output<typeof measureView> {
    return { object: 'branch_text_measure', ...measureText(code, language, text) };
  }
}
