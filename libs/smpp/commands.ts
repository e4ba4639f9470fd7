/** Operations of SMPP 3.4 (§5.1.2.1) that a transceiver meets; an answer has the number of its request with the top bit set. */
export const COMMANDS = {
  generic_nack: 0x80000000,
  bind_receiver: 0x00000001,
  bind_receiver_resp: 0x80000001,
  bind_transmitter: 0x00000002,
  bind_transmitter_resp: 0x80000002,
  query_sm: 0x00000003,
  query_sm_resp: 0x80000003,
  submit_sm: 0x00000004,
  submit_sm_resp: 0x80000004,
  deliver_sm: 0x00000005,
  deliver_sm_resp: 0x80000005,
  unbind: 0x00000006,
  unbind_resp: 0x80000006,
  replace_sm: 0x00000007,
  replace_sm_resp: 0x80000007,
  cancel_sm: 0x00000008,
  cancel_sm_resp: 0x80000008,
  bind_transceiver: 0x00000009,
  bind_transceiver_resp: 0x80000009,
  outbind: 0x0000000b,
  submit_multi: 0x00000021,
  submit_multi_resp: 0x80000021,
  enquire_link: 0x00000015,
  enquire_link_resp: 0x80000015,
  alert_notification: 0x00000102,
  data_sm: 0x00000103,
  data_sm_resp: 0x80000103,
} as const;

export type CommandName = keyof typeof COMMANDS;
export type BindCommand = 'bind_receiver' | 'bind_transmitter' | 'bind_transceiver';
export type RequestName = Exclude<CommandName, 'generic_nack' | `${string}_resp`>;
/** Requests that are answered; the two others are told and forgotten (§4.1.7, §4.12). */
export type AnsweredName = Exclude<RequestName, 'outbind' | 'alert_notification'>;

const NAMES = new Map<number, CommandName>(
  (Object.entries(COMMANDS) as [CommandName, number][]).map(([name, id]) => [id, name]),
);

export const commandName = (id: number): CommandName | undefined => NAMES.get(id);
export const isAnswer = (id: number): boolean => id >= 0x80000000;

/** Command states that are said or understood here (§5.1.3); any other number is carried as it came. */
export const STATUS = {
  ok: 0x00,
  invalidMessageLength: 0x01,
  invalidCommandLength: 0x02,
  invalidCommandId: 0x03,
  invalidBindStatus: 0x04,
  alreadyBound: 0x05,
  systemError: 0x08,
  invalidSource: 0x0a,
  invalidDestination: 0x0b,
  invalidMessageId: 0x0c,
  bindFailed: 0x0d,
  invalidPassword: 0x0e,
  invalidSystemId: 0x0f,
  queueFull: 0x14,
  submitFailed: 0x45,
  throttled: 0x58,
  /** The receiver cannot take it now: the centre brings it again. */
  temporaryError: 0x64,
  /** The receiver never takes it: the centre gives it up. */
  rejected: 0x66,
  queryFailed: 0x67,
  invalidOptionalStream: 0xc0,
  invalidOptionalLength: 0xc2,
} as const;

/** Optional parameters that mean something here (§5.3.2). */
export const TAG = {
  network_error_code: 0x0423,
  message_payload: 0x0424,
  message_state: 0x0427,
  receipted_message_id: 0x001e,
  user_message_reference: 0x0204,
  sar_msg_ref_num: 0x020c,
  sar_total_segments: 0x020e,
  sar_segment_seqnum: 0x020f,
  sc_interface_version: 0x0210,
} as const;

/** Bits of `esm_class` (§5.2.12). */
export const ESM = { typeMask: 0x3c, receipt: 0x04, udh: 0x40 } as const;
