import { Controller, HttpCode, Post } from '@nestjs/common';
import { providerCode, type UploadReply } from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import { Operation, ValidBody } from '@yidian/http';
import { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { ReconciliationRpc } from '../../platform';
import { FILE_BASE64_LIMIT } from './file-doors';
import { OperatorAudit } from './operator-audit';
import { assertHeadquarters } from './scope';

/** The last part is archived as a whole before it is answered. */
const UPLOAD_MS = 25_000;

const uploadBody = z
  .strictObject({
    provider: providerCode,
    date: z.iso.date(),
    /** As the provider named it. */
    file_name: z.string().regex(/^[^\p{Cc}/\\]{1,200}$/u),
    /** As the first part was answered; left out with it. */
    upload: z.uuid().optional(),
    /** Where in the file this part begins. */
    offset: z.int().min(0),
    content_base64: z
      .string()
      .max(FILE_BASE64_LIMIT)
      .regex(/^[A-Za-z0-9+/]*={0,2}$/),
    last: z.boolean(),
    /** Of the whole file, with the last part: what arrived must be it. */
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
  })
  .refine(({ upload, offset }) => upload !== undefined || offset === 0, {
    path: ['upload'],
    message: 'only the first part has none',
  });
const uploadView = z
  .object({
    object: z.literal('statement_upload'),
    /** more: go on at `received`; already_have: these very bytes are a version already. */
    outcome: z.enum(['more', 'stored', 'already_have']),
    upload: z.string().nullable(),
    received: z.int().nullable(),
    version: z.int().nullable(),
    sha256: z.string().nullable(),
    /** The version that was superseded. */
    replaces: z.int().nullable(),
  })
  .meta({ id: 'StatementUpload' });
type View = z.output<typeof uploadView>;

/** A person brings a provider's file: a provider without a line, a statement that was sent again by mail. */
@Controller('v1/finance')
export class StatementUploadsController {
  constructor(
    private readonly reconciliation: ReconciliationRpc,
    private readonly audit: OperatorAudit,
  ) {}

  @Post('statement_uploads')
  @HttpCode(200)
  @ForOperator('finance_maker')
  @Operation({
    id: 'uploadStatement',
    summary: "Bring a provider's statement, in parts of at most 8 MB",
    description:
      'A small file is one part with offset 0 and last true. A part that was sent before may be sent again. The last part ' +
      'supersedes the version that was there, and the night takes it up.',
    ...{ door: 'operator', tag: 'Finance', body: uploadBody, answers: { 200: uploadView } },
    problems: ['not_found', 'provider_unknown', 'state_conflict'],
  })
  async upload(@Operator() operator: OperatorCaller, @ValidBody() body: z.output<typeof uploadBody>): Promise<View> {
    assertHeadquarters(operator);
    const { provider, date, file_name: fileName, content_base64: contentBase64, upload, sha256, ...part } = body;
    const object = `provider/${provider}/statement/${date}`;
    await this.audit.record(operator, 'statement.upload', object, { fileName, ...part, bytes: bytesOf(contentBase64) });
    const content = {
      ...{ ...part, contentBase64 },
      ...(upload === undefined ? {} : { upload }),
      ...(sha256 === undefined ? {} : { sha256 }),
    };
    const wanted = { provider, date, fileName, actor: operator.username, content };
    return viewOf(await this.reconciliation.call('statements.upload', wanted, UPLOAD_MS));
  }
}

const bytesOf = (base64: string): number => Buffer.byteLength(base64, 'base64');

const REFUSED: Record<Extract<UploadReply, { outcome: 'refused' }>['reason'], () => Problem> = {
  unknown_provider: () => new Problem('provider_unknown'),
  day_signed_off: () => new Problem('state_conflict', { detail: 'The day is signed off.' }),
  unknown_upload: () => new Problem('not_found', { detail: 'No such upload is under way; begin again.' }),
  gap: () => new Problem('state_conflict', { detail: 'Something before this part is missing.' }),
  other_bytes: () => new Problem('state_conflict', { detail: 'What arrived has another SHA-256; begin again.' }),
  too_large: () => new Problem('state_conflict', { detail: 'The file is larger than any statement may be.' }),
  not_in_archive: () => new Problem('not_found'),
};

function viewOf(reply: UploadReply): View {
  if (reply.outcome === 'refused') throw REFUSED[reply.reason]();
  const nothing = { upload: null, received: null, version: null, sha256: null, replaces: null };
  const { outcome, ...rest } = reply;
  const known = 'bytes' in rest ? { version: rest.version, sha256: rest.sha256, replaces: rest.replaces } : rest;
  return { object: 'statement_upload', outcome, ...nothing, ...known };
}
