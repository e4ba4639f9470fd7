import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { Operation, ValidParams } from '@yidian/http';
import { publicJwk } from '@yidian/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { SECRETS, type Secrets } from '../../platform';
import { ApiDescription } from './api-description';
import { errorsHtml } from './error-pages';
import { readerFile } from './reader-files';

const HTML = 'text/html; charset=utf-8';
const fileParams = z.strictObject({ file: z.string().regex(/^[\w.-]{1,64}$/) });
const jwks = z.object({ keys: z.array(z.record(z.string(), z.unknown())) }).meta({ id: 'JwkSet' });

/** What a partner's engineer reads. Open to everybody; holds nothing about anybody. */
@Controller()
export class DocsController {
  constructor(
    private readonly description: ApiDescription,
    @Inject(SECRETS) private readonly secrets: Secrets,
  ) {}

  @Get()
  @Operation({ id: 'root', summary: 'To the reader', door: 'open', tag: 'Docs', answers: { 302: null }, hidden: true })
  root(@Res({ passthrough: true }) reply: FastifyReply): void {
    void reply.code(302).header('location', '/docs');
  }

  @Get('openapi.json')
  @Operation({
    id: 'getDescription',
    summary: 'This description',
    door: 'open',
    tag: 'Docs',
    answers: { 200: z.record(z.string(), z.unknown()) },
  })
  openapi(): Record<string, unknown> {
    return this.description.document;
  }

  @Get('.well-known/jwks.json')
  @Header('Cache-Control', 'public, max-age=300')
  @Operation({
    id: 'getKeys',
    summary: 'Keys we sign answers, webhooks and calls to providers with',
    door: 'open',
    tag: 'Docs',
    answers: { 200: jwks },
  })
  keys(): z.output<typeof jwks> {
    const { signingKey, otherSigningKeys } = this.secrets;
    return { keys: [signingKey, ...otherSigningKeys].map(publicJwk) };
  }

  @Get('docs')
  @Operation({ id: 'reader', summary: 'Reader', door: 'open', tag: 'Docs', answers: { 200: HTML }, hidden: true })
  reader(@Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer | string> {
    return send('index.html', reply);
  }

  @Get('docs/errors')
  @Header('Content-Type', HTML)
  @Operation({
    id: 'errors',
    summary: 'Book of errors',
    door: 'open',
    tag: 'Docs',
    answers: { 200: HTML },
    hidden: true,
  })
  errors(): string {
    return errorsHtml();
  }

  @Get('docs/:file')
  @Operation({
    id: 'readerFile',
    summary: 'Files of the reader',
    door: 'open',
    tag: 'Docs',
    params: fileParams,
    answers: { 200: 'application/octet-stream' },
    hidden: true,
  })
  file(
    @ValidParams() { file }: z.output<typeof fileParams>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | string> {
    return send(file, reply);
  }
}

async function send(name: string, reply: FastifyReply): Promise<Buffer | string> {
  const file = await readerFile(name);
  if (!file) throw new Problem('not_found');
  void reply.header('content-type', file.type);
  return file.content;
}
