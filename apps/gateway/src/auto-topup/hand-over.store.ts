import type { Statement } from '@yidian/journal';

/**
 * Standing orders of a number that its branch wrote over to another holder: they were its former holder's word, and must not
 * debit an account that the next one binds. They rest with the account's debits, and end with them; whoever releases those
 * lets the orders go on, with the dates they had. Rows of the time before, whatever state they are in; those that were not
 * active stay so.
 */
const RESTS = 'owner_changed';
const RESTED = 'owner_changed, not active before';

export function restRules(payerBlind: string, before: Date): Statement[] {
  const which = 'payer_blind = ? AND created_at <= ?';
  return [
    {
      sql: `UPDATE auto_occasion o JOIN auto_rule r ON r.id = o.rule_id
        SET o.state = 'given_up', o.code = 'paused', o.due_at = NULL, o.updated_at = UTC_TIMESTAMP(3)
        WHERE r.payer_blind = ? AND r.created_at <= ? AND r.state = 'active' AND o.state = 'noticed'`,
      params: [payerBlind, before],
    },
    {
      sql: `UPDATE auto_rule SET why = ?, updated_at = UTC_TIMESTAMP(3) WHERE ${which} AND state IN ('paused', 'stopped')
        AND why <> ?`,
      params: [RESTED, payerBlind, before, RESTS],
    },
    {
      sql: `UPDATE auto_rule SET state = 'paused', why = ?, version = version + 1,
        updated_at = UTC_TIMESTAMP(3) WHERE ${which} AND state = 'active'`,
      params: [RESTS, payerBlind, before],
    },
  ];
}

export const endRestingRules = (payerBlind: string): Statement => ({
  sql: `UPDATE auto_rule SET state = 'ended', due_at = NULL, version = version + 1, updated_at = UTC_TIMESTAMP(3)
    WHERE payer_blind = ? AND state IN ('paused', 'stopped') AND why IN (?)`,
  params: [payerBlind, [RESTS, RESTED]],
});

export const releaseRestingRules = (payerBlind: string): Statement => ({
  sql: `UPDATE auto_rule SET state = 'active', why = 'released', version = version + 1,
    updated_at = UTC_TIMESTAMP(3) WHERE payer_blind = ? AND state = 'paused' AND why = ?`,
  params: [payerBlind, RESTS],
});
