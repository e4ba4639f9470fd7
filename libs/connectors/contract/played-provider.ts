import type { Connector, RawCallback } from './connector';

/** What the played provider does with the next request. */
export type Script =
  | 'succeed'
  | 'decline'
  | 'pending'
  /** Does it, and the answer never comes. */
  | 'silent'
  | 'wrong_amount'
  | 'wrong_order'
  | 'unlisted_status'
  /** A success signed with a key that is not the provider's. */
  | 'forged'
  | 'server_error'
  | 'cut_line'
  /** Bytes that are not of the protocol at all. */
  | 'not_json'
  | 'not_found';

/** What can be wrong with a callback; each must be refused. */
export type CallbackDamage =
  | 'altered_byte'
  | 'wrong_key'
  | 'no_signature'
  | 'stale'
  | 'unknown_certificate'
  | 'algorithm_downgrade'
  | 'duplicate_parameter'
  | 'other_charset';
export const CALLBACK_DAMAGES: readonly CallbackDamage[] = [
  'altered_byte',
  'wrong_key',
  'no_signature',
  'stale',
  'unknown_certificate',
  'algorithm_downgrade',
  'duplicate_parameter',
  'other_charset',
];

/** A provider played by a real server, in its own protocol. */
export interface PlayedProvider {
  connector: Connector;
  /** Calls whose answer only says "accepted": what became of them is told by the query. */
  answersLater?: { debit: boolean; refund: boolean };
  /** Protocols whose answers carry no signature (TLS alone protects them) cannot be forged here. */
  unsignedAnswers?: boolean;
  play(script: Script): void;
  /** Requests that reached it. */
  seen(): number;
  /** A callback about a paid order as the provider would send it. */
  callback(orderNo: string, amount: bigint): RawCallback;
  /** The same, damaged; null where the protocol has nothing that could be damaged so. */
  damaged(how: CallbackDamage, orderNo: string, amount: bigint): RawCallback | null;
  /** Goes away: no connection can be made any more. */
  vanish(): Promise<void>;
  close(): Promise<void>;
}
