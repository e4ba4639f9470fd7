import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  partyStatementDecide,
  partyStatementGet,
  partyStatementIssue,
  partyStatementsList,
  type PartyStatementVersion,
  type ReplyOf,
} from '@yidian/contracts';
import { Door } from '../rpc/door';
import { IssueStatement } from './issue-statement';
import { partyXlsx, statementCsv, type StatementFile } from './party-files';
import { statementPage } from './party-page';

@Controller()
export class PartyStatementsController {
  constructor(
    private readonly door: Door,
    private readonly statements: IssueStatement,
  ) {}

  @MessagePattern('party_statements.issue')
  issue(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'party_statements.issue'>> {
    return this.door.answer(partyStatementIssue, request, ({ party, period, actor }) =>
      this.statements.execute(party, period, actor),
    );
  }

  @MessagePattern('party_statements.get')
  get(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'party_statements.get'>> {
    return this.door.answer(partyStatementGet, request, async ({ party, period, version, format }) => {
      const statement = await this.statements.find(party, period, version);
      if (!statement || format === 'json') return { statement, file: null };
      const { name, contentType, content } = await fileOf(statement, format);
      return { statement, file: { name, contentType, contentBase64: content.toString('base64') } };
    });
  }

  @MessagePattern('party_statements.list')
  list(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'party_statements.list'>> {
    return this.door.answer(partyStatementsList, request, (wanted) => this.statements.list(wanted));
  }

  @MessagePattern('party_statements.decide')
  decide(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'party_statements.decide'>> {
    return this.door.answer(partyStatementDecide, request, ({ decision, reason, actor, ...statement }) =>
      this.statements.decide(statement, decision, reason, actor),
    );
  }
}

async function fileOf(statement: PartyStatementVersion, format: 'xlsx' | 'csv' | 'html'): Promise<StatementFile> {
  if (format === 'xlsx') return partyXlsx(statement);
  return format === 'csv' ? statementCsv(statement) : statementPage(statement);
}
