import { timeText } from '@yidian/http';
import { z } from 'zod';
import type { EndpointRow } from './endpoints.store';

export const endpointSchema = z
  .object({
    id: z.string(),
    object: z.literal('webhook_endpoint'),
    url: z.string(),
    state: z.enum(['active', 'disabled', 'ended']),
    /** Since when nothing has reached it. */
    failing_since: z.string().nullable(),
    disabled_at: z.string().nullable(),
    created_at: z.string(),
    livemode: z.boolean(),
  })
  .meta({ id: 'WebhookEndpoint' });
export type EndpointView = z.output<typeof endpointSchema>;
export const ownedEndpointSchema = endpointSchema.extend({ partner: z.string() }).meta({ id: 'OwnedWebhookEndpoint' });
export type OwnedEndpointView = z.output<typeof ownedEndpointSchema>;

export function endpointView(row: EndpointRow, livemode: boolean): EndpointView {
  return {
    id: row.id,
    object: 'webhook_endpoint',
    url: row.url,
    state: row.state,
    failing_since: row.failing_since && timeText(row.failing_since),
    disabled_at: row.disabled_at && timeText(row.disabled_at),
    created_at: timeText(row.created_at),
    livemode,
  };
}

export const trySchema = z
  .object({
    object: z.literal('webhook_try'),
    event: z.string(),
    endpoint: z.string(),
    number: z.int(),
    at: z.string(),
    /** HTTP status of the answer; null when there was none. */
    status: z.int().nullable(),
    duration_ms: z.int(),
    /** Beginning of what the endpoint answered. */
    answer: z.string(),
    /** Why there was no answer. */
    error: z.string().nullable(),
    /** False while it is under way, or for ever when the sender was stopped meanwhile. */
    ended: z.boolean(),
    /** What has become of the delivery since. */
    delivery: z.enum(['new', 'sent', 'failed', 'superseded']),
    next_at: z.string().nullable(),
  })
  .meta({ id: 'WebhookTry' });
export type TryView = z.output<typeof trySchema>;

export const resendSchema = z
  .object({
    object: z.literal('event_resend'),
    event: z.string(),
    /** Where it is on its way to. */
    endpoints: z.array(z.string()),
  })
  .meta({ id: 'EventResend' });
export type ResendView = z.output<typeof resendSchema>;
