import { Controller, HttpCode, Post } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { Operation, ValidBody } from '@yidian/http';
import { RpcUnknown } from '@yidian/messaging';
import { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { BillingRpc } from '../../platform';
import { OperatorAudit } from './operator-audit';
import { branchOf } from './scope';

const markBody = z.strictObject({
  payment: z.string().regex(/^pay_\d{20}$/),
  /** Number of the invoice, or of the red one that cancels it. */
  invoice: z.string().regex(/^[A-Za-z0-9-]{1,40}$/),
  action: z.enum(['mark', 'red_flush']),
});
const mark = z
  .object({
    object: z.literal('invoice_mark'),
    payment: z.string(),
    invoice: z.string(),
    state: z.enum(['marked', 'red_flushed']),
    replayed: z.boolean(),
  })
  .meta({ id: 'InvoiceMark' });

@Controller('v1/finance')
export class InvoicesController {
  constructor(
    private readonly billing: BillingRpc,
    private readonly audit: OperatorAudit,
  ) {}

  @Post('invoice_marks')
  @HttpCode(200)
  @ForOperator('finance_maker', 'branch_finance')
  @Operation({
    id: 'markInvoice',
    summary: 'An invoice was issued for a payment, or cancelled by a red one',
    description:
      'An invoiced payment is neither reversed nor refunded until it is red-flushed. Not the receipt, which every payment has. ' +
      'The same invoice number again is answered the same way.',
    door: 'operator',
    tag: 'Invoices',
    body: markBody,
    answers: { 200: mark },
    problems: ['not_found', 'state_conflict', 'busy'],
  })
  async mark(
    @Operator() operator: OperatorCaller,
    @ValidBody() body: z.output<typeof markBody>,
  ): Promise<z.output<typeof mark>> {
    const { payment, invoice, action } = body;
    const branch = branchOf(operator);
    await this.audit.record(operator, `invoice.${action}`, `payment/${payment}`, body);
    const item = { key: invoice, paymentNo: payment.slice('pay_'.length), action, actor: operator.username };
    const reply = await this.billing.call('invoices.mark', {
      items: [branch === undefined ? item : { ...item, branch }],
    });
    const { outcome, reason, replay = false } = reply.items[0] ?? {};
    if (outcome === 'posted') {
      const state = action === 'mark' ? 'marked' : 'red_flushed';
      return { object: 'invoice_mark', payment, invoice, state, replayed: replay };
    }
    if (reason === 'not_found') throw new Problem('not_found');
    if (outcome === 'busy') throw new Problem('busy', { retryAfter: 2 });
    // Keyed by the invoice's number: asking again is safe whether it was carried out or not.
    if (outcome === undefined || outcome === 'unknown')
      throw new RpcUnknown('billing does not know whether it marked it');
    const detail =
      outcome === 'conflict'
        ? 'This invoice number stands for another payment.'
        : 'No invoice can be marked or red-flushed on this payment now.';
    throw new Problem('state_conflict', { detail });
  }
}
