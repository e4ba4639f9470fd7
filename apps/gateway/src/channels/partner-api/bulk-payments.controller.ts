import { Controller, Inject } from '@nestjs/common';
import { BOOK, Problem } from '@yidian/errors';
import { HotPost, Operation, problemFor, validate } from '@yidian/http';
import { plainError } from '@yidian/telemetry';
import { ForPartner, type PartnerCaller } from '../../access';
import type { GatewayConfig } from '../../gateway.config';
import {
  CreatePayments,
  createPaymentRequest,
  type Answer,
  type BulkOutcome,
  type CreatePaymentRequest,
} from '../../payments';
import { CONFIG, LOGGER, type Logger } from '../../platform';
import { bulkRequest, bulkView, type BulkItemView, type BulkRequest, type BulkView } from './bulk.schema';
import { assertFunding } from './funding';
import { originOf } from './origin';
import type { PartnerCall } from './partner-call';

/** 1,000 items of a kilobyte each; most need a quarter of that. */
const BODY_LIMIT = 1024 * 1024;

@Controller('v1/payments')
export class BulkPaymentsController {
  constructor(
    private readonly createPayments: CreatePayments,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @HotPost('bulk', { bodyLimit: BODY_LIMIT })
  @ForPartner('payments:create', 'payments:collect')
  @Operation({
    id: 'createPayments',
    summary: 'Up to 1,000 payments in one request',
    description:
      'Each item is carried out as if it came alone and has its own answer: `payment`, or `problem` with the same codes as ' +
      'createPayment and pointers into the item. Never all or nothing. The same bulk under the same key gives the same answers; items that were not ' +
      'begun in time have the problem `busy`, nothing was done for them: send the same bulk again.',
    door: 'partner',
    tag: 'Payments',
    body: bulkRequest,
    answers: { 200: bulkView },
    keyed: true,
  })
  async create({ partner, idempotencyKey, body, request }: PartnerCall<BulkRequest>): Promise<Answer<BulkView>> {
    const { outcomes, replayed } = await this.createPayments.execute({
      origin: originOf(partner),
      idempotencyKey,
      items: body.items,
      read: (item) => readItem(partner, item),
    });
    const data = outcomes.map((outcome, index) => this.itemOf(outcome, index, request));
    return { status: 200, body: { object: 'bulk', data }, replayed };
  }

  private itemOf(outcome: BulkOutcome, index: number, request: PartnerCall<unknown>['request']): BulkItemView {
    if ('answer' in outcome) return { index, status: outcome.answer.status, payment: outcome.answer.body };
    const { refused } = outcome;
    if (!(refused instanceof Problem)) {
      this.logger.error({ requestId: request.requestId, item: index, err: plainError(refused) }, 'internal error');
    }
    const problem = refused instanceof Problem ? refused : new Problem('internal', {}, { cause: refused });
    const told = problemFor(problem, request, this.config.PUBLIC_URL) as BulkItemView['problem'];
    return { index, status: BOOK[problem.code].status, problem: told };
  }
}

/** @throws Problem whose pointers lead into the item, as for a single payment */
function readItem(partner: PartnerCaller, item: unknown): CreatePaymentRequest {
  const body = validate(createPaymentRequest, item);
  assertFunding(partner, body);
  return body;
}
