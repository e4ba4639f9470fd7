import type { DeclineReason } from '../contract';

const named = (reason: DeclineReason, codes: string): [string, DeclineReason][] =>
  codes.split(/\s+/).map((code) => [code, reason]);

/** Stripe's decline codes and codes of failed payments, by what they mean to the payer. What is not listed is `other`. */
const REASONS: ReadonlyMap<string, DeclineReason> = new Map([
  ...named('insufficient_funds', 'insufficient_funds debit_insufficient_funds'),
  ...named(
    'limit',
    `withdrawal_count_limit_exceeded card_velocity_exceeded amount_too_large charge_exceeds_source_limit
    charge_exceeds_transaction_limit charge_exceeds_weekly_limit invalid_amount`,
  ),
  ...named(
    'account_closed',
    'account_closed bank_account_restricted bank_account_unusable no_account invalid_account bank_ownership_changed',
  ),
  ...named(
    'agreement_ended',
    `debit_not_authorized mandate_invalid invalid_mandate payment_intent_mandate_invalid stop_payment_order
    revocation_of_authorization revocation_of_all_authorizations payment_method_unactivated
    payment_method_microdeposit_failed payment_method_unexpected_state`,
  ),
  ...named('card_expired', 'expired_card invalid_expiry_month invalid_expiry_year'),
  ...named(
    'authentication_failed',
    `authentication_required authentication_not_handled incorrect_cvc invalid_cvc incorrect_pin invalid_pin
    pin_try_exceeded offline_pin_required online_or_offline_pin_required incorrect_zip incorrect_address
    incorrect_number invalid_number mobile_device_authentication_required payment_intent_authentication_failure
    setup_intent_authentication_failure`,
  ),
  ...named('payer_cancelled', 'payment_method_customer_decline customer_decline'),
  ...named(
    'risk_refused',
    `fraudulent lost_card stolen_card pickup_card restricted_card merchant_blacklist highest_risk_level
    elevated_risk_level security_violation previously_declined_do_not_retry`,
  ),
]);

/** The first of the codes that is listed: the decline code says more than the error's own code. */
export function reasonOf(...codes: (string | null | undefined)[]): DeclineReason {
  for (const code of codes) {
    const reason = REASONS.get(code ?? '');
    if (reason) return reason;
  }
  return 'other';
}
