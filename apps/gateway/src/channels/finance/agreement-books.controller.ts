import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { listOf, listSchema, Operation, ValidBody, ValidParams, type ListOf } from '@yidian/http';
import { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import {
  AgreementRunsStore,
  type AgreementBreakRow,
  type AgreementRunRow,
} from '../../agreements/agreement-runs.store';
import { ImportAgreements, type ImportState } from '../../agreements/import-agreements';
import { AGREEMENT_RESOLUTIONS, ResolveAgreementBreak } from '../../agreements/resolve-agreement-break';
import { idParams, type IdParams } from '../partner-api/id-params';
import { OperatorAudit } from './operator-audit';
import { assertHeadquarters } from './scope';

const SHOWN = 100;
const importBody = z
  .strictObject({
    provider: z.string().min(2).max(32),
    branch: z.string().regex(/^\d{6}$/),
    /** The file's text; its first line names the columns. */
    csv: z.string().min(1).max(900_000),
  })
  .meta({ id: 'AgreementImportFile' });
const importView = z
  .object({
    id: z.string(),
    object: z.literal('agreement_import'),
    provider: z.string(),
    branch: z.string(),
    lines: z.number().int(),
    counts: z.object({
      /** Its bank has not confirmed it yet. */
      waiting: z.number().int(),
      confirmed: z.number().int(),
      refused: z.number().int(),
      unreadable: z.number().int(),
    }),
    refused: z.array(z.object({ line: z.number().int(), code: z.string() })),
    created_at: z.string(),
  })
  .meta({ id: 'AgreementImport' });
const runView = z
  .object({
    object: z.literal('agreement_run'),
    provider: z.string(),
    date: z.string(),
    /** The file's own totals agree with its lines. */
    complete: z.boolean(),
    theirs: z.number().int(),
    ours: z.number().int(),
    found: z.number().int(),
    unreadable: z.number().int(),
  })
  .meta({ id: 'AgreementRun' });
const breakView = z
  .object({
    id: z.string(),
    object: z.literal('agreement_break'),
    provider: z.string(),
    date: z.string(),
    class: z.enum(['only_there', 'only_here', 'ended_one_side', 'other_account']),
    agreement_number: z.string(),
    agreement: z.string().nullable(),
    detail: z.string(),
    state: z.enum(['open', 'resolved']),
    resolution: z.string().nullable(),
    created_at: z.string(),
  })
  .meta({ id: 'AgreementBreak' });
const resolveBody = z
  .strictObject({
    /** end: here, and there by the ladder · end_there · release: what rested · ask: the bank, now · dismiss */
    resolution: z.enum(AGREEMENT_RESOLUTIONS),
    reason: z.string().trim().min(1).max(200),
  })
  .meta({ id: 'ResolveAgreementBreak' });

/** Agreements of old that come in, and banks' lists of agreements against ours. */
@Controller('v1/agreement_books')
export class AgreementBooksController {
  constructor(
    private readonly imports: ImportAgreements,
    private readonly runs: AgreementRunsStore,
    private readonly resolving: ResolveAgreementBreak,
    private readonly audit: OperatorAudit,
  ) {}

  @Post('imports')
  @HttpCode(201)
  @ForOperator('operations')
  @Operation({
    id: 'importAgreements',
    summary: "Bring in a branch's agreements with a bank",
    description:
      'Each pays only after the bank has confirmed it for the same account. The same file is the same import.',
    door: 'operator',
    tag: 'Agreements',
    body: importBody,
    answers: { 201: importView },
    problems: ['not_found', 'provider_unknown', 'busy'],
  })
  async bring(
    @Operator() operator: OperatorCaller,
    @ValidBody() { provider, branch, csv }: z.output<typeof importBody>,
  ): Promise<z.output<typeof importView>> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'agreements.import', `provider/${provider}`, { branch });
    return importOf(await this.imports.execute({ provider, branch, text: csv }, operator.username));
  }

  @Get('imports/:id')
  @ForOperator('operations', 'auditor')
  @Operation({
    id: 'getAgreementImport',
    summary: 'How far an import is, and which lines were refused',
    door: 'operator',
    tag: 'Agreements',
    params: idParams,
    answers: { 200: importView },
    problems: ['not_found'],
  })
  async state(@Operator() operator: OperatorCaller, @ValidParams() { id }: IdParams) {
    assertHeadquarters(operator);
    return importOf(await this.imports.state(id));
  }

  @Get('runs')
  @ForOperator('operations', 'finance_maker', 'finance_checker', 'auditor')
  @Operation({
    id: 'listAgreementRuns',
    summary: "Comparisons with banks' agreement files, latest first",
    door: 'operator',
    tag: 'Agreements',
    answers: { 200: listSchema(runView) },
    problems: ['not_found'],
  })
  async compared(@Operator() operator: OperatorCaller): Promise<ListOf<z.output<typeof runView>>> {
    assertHeadquarters(operator);
    return listOf('/v1/agreement_books/runs', (await this.runs.runs(SHOWN)).map(runOf), null);
  }

  @Get('breaks')
  @ForOperator('operations', 'finance_maker', 'finance_checker', 'auditor')
  @Operation({
    id: 'listAgreementBreaks',
    summary: 'Where a bank and we say different things of an agreement',
    door: 'operator',
    tag: 'Agreements',
    answers: { 200: listSchema(breakView) },
    problems: ['not_found'],
  })
  async breaks(@Operator() operator: OperatorCaller): Promise<ListOf<z.output<typeof breakView>>> {
    assertHeadquarters(operator);
    return listOf('/v1/agreement_books/breaks', (await this.runs.open(SHOWN)).map(breakOf), null);
  }

  @Post('breaks/:id/resolutions')
  @HttpCode(200)
  @ForOperator('operations')
  @Operation({
    id: 'resolveAgreementBreak',
    summary: 'Say what a difference means',
    door: 'operator',
    tag: 'Agreements',
    params: idParams,
    body: resolveBody,
    answers: { 200: breakView },
    problems: ['not_found', 'state_conflict', 'provider_down'],
  })
  async resolve(
    @Operator() operator: OperatorCaller,
    @ValidParams() { id }: IdParams,
    @ValidBody() { resolution, reason }: z.output<typeof resolveBody>,
  ): Promise<z.output<typeof breakView>> {
    assertHeadquarters(operator);
    await this.audit.record(operator, `agreement_break.${resolution}`, `agreement_break/${id}`, { reason });
    return breakOf(await this.resolving.execute(id, resolution, operator.username, reason));
  }
}

const importOf = ({ row, counts, refused }: ImportState): z.output<typeof importView> => ({
  ...{ id: row.id, object: 'agreement_import', provider: row.provider, branch: row.branch, lines: row.line_count },
  ...{ counts, refused, created_at: row.created_at.toISOString() },
});

const runOf = (row: AgreementRunRow): z.output<typeof runView> => ({
  ...{ object: 'agreement_run', provider: row.provider, date: row.file_date, complete: row.agrees === 1 },
  ...{ theirs: row.theirs, ours: row.ours, found: row.found, unreadable: row.unreadable },
});

const breakOf = (row: AgreementBreakRow): z.output<typeof breakView> => ({
  ...{ id: row.id, object: 'agreement_break', provider: row.provider, date: row.file_date, class: row.class },
  ...{ agreement_number: row.agreement_no, agreement: row.agreement_id, detail: row.detail, state: row.state },
  ...{ resolution: row.resolution, created_at: row.created_at.toISOString() },
});
