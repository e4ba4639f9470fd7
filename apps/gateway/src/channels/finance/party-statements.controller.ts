import { Controller, Get, HttpCode, Post, Res, StreamableFile } from '@nestjs/common';
import type { PartyStatementReply } from '@yidian/contracts';
import { Problem } from '@yidian/errors';
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
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { SettlementRpc } from '../../platform';
import { OperatorAudit } from './operator-audit';
import {
  issueBody,
  statementBrief,
  statementDecisionBody,
  statementFileParams,
  statementParams,
  statementsQuery,
  statementVersion,
  versionQuery,
} from './party-statements.schema';
import { publicView } from './public-view';
import { ask, assertHeadquarters, branchOf, FINANCE_READERS } from './scope';
import { refusable } from './service-refusals';

type Version = z.output<typeof statementVersion>;
type Params = z.output<typeof statementParams>;
type Format = 'json' | z.output<typeof statementFileParams>['format'];

/** What parties were told of a date or month, and what they say to it. */
@Controller('v1/finance/party_statements')
export class PartyStatementsController {
  constructor(
    private readonly settlement: SettlementRpc,
    private readonly audit: OperatorAudit,
  ) {}

  @Get()
  @ForOperator(...FINANCE_READERS, 'branch_finance')
  @Operation({
    id: 'listPartyStatements',
    summary: 'The latest statement of every party that has one of this date or month',
    ...{ door: 'operator', tag: 'Settlement', query: statementsQuery, answers: { 200: listSchema(statementBrief) } },
    problems: ['busy'],
  })
  async list(
    @Operator() operator: OperatorCaller,
    @ValidQuery() { period, state, limit, cursor }: z.output<typeof statementsQuery>,
  ): Promise<ListOf<z.output<typeof statementBrief>>> {
    const party = branchOf(operator);
    const { statements, more } = await ask(
      this.settlement.call('party_statements.list', {
        ...{ period, limit },
        ...(party === undefined ? {} : { party }),
        ...(state === undefined ? {} : { state }),
        ...(cursor === undefined ? {} : { after: decodeCursor(cursor, ['period', 'party']) }),
      }),
    );
    const last = more ? statements.at(-1) : undefined;
    return listOf(
      '/v1/finance/party_statements',
      statements.map((one) => statementBrief.parse(publicView(one))),
      last ? encodeCursor({ period: last.period, party: last.party }) : null,
    );
  }

  @Post()
  @HttpCode(201)
  @ForOperator('finance_maker')
  @Operation({
    id: 'issuePartyStatement',
    summary: 'Tell a party its date or month',
    description: 'The same figures again are the same version; other figures are the next, with a window of its own.',
    ...{ door: 'operator', tag: 'Settlement', body: issueBody, answers: { 201: statementVersion } },
    problems: ['not_found', 'busy'],
  })
  async issue(@Operator() operator: OperatorCaller, @ValidBody() body: Params): Promise<Version> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'party_statement.issue', objectOf(body));
    return viewOf(
      await refusable(this.settlement.call('party_statements.issue', { ...body, actor: operator.username })),
    );
  }

  @Get(':party/:period')
  @ForOperator(...FINANCE_READERS, 'branch_finance')
  @Operation({
    id: 'getPartyStatementVersion',
    summary: 'The latest statement of a party, or one version of it',
    ...{ door: 'operator', tag: 'Settlement', params: statementParams, query: versionQuery },
    answers: { 200: statementVersion },
    problems: ['not_found', 'busy'],
  })
  async one(
    @Operator() operator: OperatorCaller,
    @ValidParams() params: Params,
    @ValidQuery() { version }: z.output<typeof versionQuery>,
  ): Promise<Version> {
    assertOwn(operator, params.party);
    const { statement } = await this.get(params, version);
    if (!statement) throw new Problem('not_found');
    return viewOf(statement);
  }

  @Get(':party/:period/files/:format')
  @ForOperator(...FINANCE_READERS, 'branch_finance')
  @Operation({
    id: 'downloadPartyStatementVersion',
    summary: 'The same as a spreadsheet, a table of text or a page to print',
    ...{ door: 'operator', tag: 'Settlement', params: statementFileParams, query: versionQuery },
    answers: { 200: 'application/octet-stream' },
    problems: ['not_found', 'busy'],
  })
  async file(
    @Operator() operator: OperatorCaller,
    @ValidParams() { format, ...params }: z.output<typeof statementFileParams>,
    @ValidQuery() { version }: z.output<typeof versionQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    assertOwn(operator, params.party);
    const { file } = await this.get(params, version, format);
    if (!file) throw new Problem('not_found');
    void reply.header('content-type', file.contentType);
    return new StreamableFile(Buffer.from(file.contentBase64, 'base64'), {
      type: file.contentType,
      disposition: `attachment; filename="${file.name.replace(/[^\w.-]/g, '_')}"`,
    });
  }

  @Post(':party/:period/decisions')
  @HttpCode(200)
  @ForOperator('branch_finance', 'finance_checker')
  @Operation({
    id: 'decidePartyStatement',
    summary: 'The party confirms or disputes what it was told',
    description: 'A branch by itself; headquarters for who has no door here, and never by the person who issued it.',
    ...{ door: 'operator', tag: 'Settlement', params: statementParams, body: statementDecisionBody },
    answers: { 200: statementVersion },
    problems: ['not_found', 'own_proposal', 'state_conflict', 'busy'],
  })
  async decide(
    @Operator() operator: OperatorCaller,
    @ValidParams() params: Params,
    @ValidBody() body: z.output<typeof statementDecisionBody>,
  ): Promise<Version> {
    assertOwn(operator, params.party);
    const { statement } = await this.get(params, body.version);
    if (!statement) throw new Problem('not_found');
    if (statement.issuedBy === operator.username) throw new Problem('own_proposal');
    await this.audit.record(operator, `party_statement.${body.decision}`, objectOf(params), body);
    const wanted = { ...params, ...body, actor: operator.username };
    return viewOf(await refusable(this.settlement.call('party_statements.decide', wanted)));
  }

  private get(params: Params, version?: number, format: Format = 'json'): Promise<PartyStatementReply> {
    const wanted = { ...params, format, ...(version === undefined ? {} : { version }) };
    return ask(refusable(this.settlement.call('party_statements.get', wanted)));
  }
}

/** A foreign branch's statement does not exist for an operator of one branch. */
function assertOwn(operator: OperatorCaller, party: string): void {
  const branch = branchOf(operator);
  if (branch !== undefined && party !== branch) throw new Problem('not_found');
}

const objectOf = ({ party, period }: Params): string => `party/${party}/statement/${period}`;
const viewOf = (statement: object): Version => statementVersion.parse(publicView(statement));
