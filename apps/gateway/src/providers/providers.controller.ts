import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { statementsFetch, type ProviderInfo, type StatementReply } from '@yidian/contracts';
import { Books } from '@yidian/journal';
import { createHash } from 'node:crypto';
import { Providers } from './providers';

/** RPC: who has books and statements, and the statement files as they are. */
@Controller()
export class ProvidersController {
  constructor(
    private readonly providers: Providers,
    private readonly books: Books,
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
    const { provider, date } = statementsFetch.parse(request);
    const file = await this.providers.get(provider).connector.fetchStatement(date);
    if (file.state !== 'ready') return file;
    const sha256 = createHash('sha256').update(file.content).digest('hex');
    return { state: 'ready', fileName: file.fileName, contentBase64: file.content.toString('base64'), sha256 };
  }
}
