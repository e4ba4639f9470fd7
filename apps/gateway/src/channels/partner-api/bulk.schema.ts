import { problemSchema } from '@yidian/http';
import { z } from 'zod';
import { paymentView } from '../../payments';

export const MOST_ITEMS = 1_000;

/** Items are judged one by one: a bad one is its own answer and refuses no other. */
export const bulkRequest = z
  .strictObject({
    items: z
      .array(z.unknown().meta({ $ref: '#/components/schemas/CreatePaymentRequest' }))
      .min(1)
      .max(MOST_ITEMS)
      .meta({ description: 'Each as for a single payment, with a reference of its own' }),
  })
  .meta({ id: 'BulkRequest' });
export type BulkRequest = z.output<typeof bulkRequest>;

/** One of `payment` and `problem`, with the status that the single call would have had. */
export const bulkItemView = z
  .object({
    index: z.int().meta({ description: 'Place of the item in the request, from 0' }),
    status: z.int(),
    payment: paymentView.optional(),
    problem: problemSchema.optional(),
  })
  .meta({ id: 'BulkItem' });
export type BulkItemView = z.output<typeof bulkItemView>;

export const bulkView = z
  .object({
    object: z.literal('bulk'),
    data: z.array(bulkItemView).meta({ description: 'One per item, in their order' }),
  })
  .meta({ id: 'Bulk' });
export type BulkView = z.output<typeof bulkView>;
