import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { statementsItems, statementsList, statementsUpload, type ReplyOf } from '@yidian/contracts';
import { WriteAudit } from '../audit/write-audit';
import { answer } from '../rpc/answer';
import { ListStatements } from './list-statements';
import { UploadStatement } from './upload-statement';

@Controller()
export class StatementsController {
  constructor(
    private readonly uploading: UploadStatement,
    private readonly listing: ListStatements,
    private readonly audit: WriteAudit,
  ) {}

  @MessagePattern('statements.upload')
  upload(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'statements.upload'>> {
    return answer(statementsUpload, request, async (upload) => {
      const reply = await this.uploading.execute(upload);
      if (reply.outcome !== 'stored') return reply;
      const { actor, provider, date, fileName } = upload;
      const before = { version: reply.replaces === null ? null : `${reply.replaces}` };
      const after = { version: `${reply.version}`, sha256: reply.sha256, fileName };
      await this.audit.execute({ actor, action: 'statement_uploaded', object: `${date} ${provider}`, before, after });
      return reply;
    });
  }

  @MessagePattern('statements.list')
  list(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'statements.list'>> {
    return answer(statementsList, request, ({ date, provider }) => this.listing.versions(date, provider));
  }

  @MessagePattern('statements.items')
  items(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'statements.items'>> {
    return answer(statementsItems, request, ({ provider, date, ...page }) => this.listing.items(provider, date, page));
  }
}
