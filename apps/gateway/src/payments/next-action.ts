import type { Cashier, Presentation } from '@yidian/connectors/contract';
import type { NextAction } from './payment.schema';

/** How the payer gets to the page or code that his provider has opened. */
export function nextActionOf({ payUrl: url, form, app, expiresAt }: Cashier, presentation: Presentation): NextAction {
  const expires_at = expiresAt.toISOString();
  if (app) return { type: 'open_app', url, app, expires_at };
  if (form) return { type: 'post_form', url, form, expires_at };
  return { type: presentation === 'qr' ? 'show_qr' : 'redirect', url, expires_at };
}
