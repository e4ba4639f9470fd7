import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { statementsFetch, type ProviderInfo, type StatementReply } from '@yidian/contracts';
import { Books } from '@yidian/journal';
import { Providers } from './providers';
import { StatementParts } from './statement-parts';

/** RPC: who has books and statements, and the statement files as they are. */
@Controller()
export class ProvidersController {
  constructor(
    private readonly providers: Providers,
    private readonly books: Books,
    private readonly parts: StatementParts,
  ) {}

  @MessagePattern('providers.list')
  async list(): Promise<{ providers: ProviderInfo[] }> {
    const providers = await Promise.all(
      this.providers.all().map(async ({ row }): Promise<ProviderInfo> => {
        const { openDate } = await this.books.openDate(row.code);
        const { code, name_zh: nameZh, name_en: nameEn, kind, connector } = row;
        return {
          code,
          nameZh,
          nameEn,
          kind,
          openDate,
          connector,
          profile: JSON.parse(row.profile) as ProviderInfo['profile'],
        };
      }),
    );
    return { providers };
  }

  @MessagePattern('statements.fetch')
  async fetch(request: unknown): Promise<StatementReply> {
    const { provider, date, part } = statementsFetch.parse(request);
    if (part) return this.parts.more(`${date}.part`, part.sha256, part.offset);
    const { connector } = this.providers.get(provider);
    // Its statement comes by a person's hand: it is waited for like one that is late.
    if (!connector.capabilities.statement) return { state: 'not_ready' };
    const file = await connector.fetchStatement(date);
    return file.state === 'ready' ? await this.parts.first(file.fileName, file.content) : file;
  }
}
