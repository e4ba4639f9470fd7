import type { CommandName } from './commands';

/**
 * `text`: octets up to a NUL, at most `max` with it. `counted`: a length octet, then that many octets. `rest`: whatever is
 * left, of an operation that is known by name only.
 */
export type Field = { name: string } & (
  { type: 'octet' } | { type: 'text'; max: number } | { type: 'counted'; max: number } | { type: 'rest' }
);

export interface Address {
  ton: number;
  npi: number;
  address: string;
}

export interface BindBody {
  system_id: string;
  password: string;
  system_type: string;
  interface_version: number;
  addr_ton: number;
  addr_npi: number;
  address_range: string;
}

interface Ends {
  source_addr_ton: number;
  source_addr_npi: number;
  source_addr: string;
  dest_addr_ton: number;
  dest_addr_npi: number;
  destination_addr: string;
}

export interface MessageBody extends Ends {
  service_type: string;
  esm_class: number;
  protocol_id: number;
  priority_flag: number;
  schedule_delivery_time: string;
  validity_period: string;
  registered_delivery: number;
  replace_if_present_flag: number;
  data_coding: number;
  sm_default_msg_id: number;
  short_message: Buffer;
}

export interface DataBody extends Ends {
  service_type: string;
  esm_class: number;
  registered_delivery: number;
  data_coding: number;
}

type Sender = Pick<Ends, 'source_addr_ton' | 'source_addr_npi' | 'source_addr'>;
type Nothing = Record<never, never>;

/** The fixed part of each operation, as it is written in code. */
export interface Bodies {
  generic_nack: Nothing;
  bind_receiver: BindBody;
  bind_receiver_resp: { system_id: string };
  bind_transmitter: BindBody;
  bind_transmitter_resp: { system_id: string };
  bind_transceiver: BindBody;
  bind_transceiver_resp: { system_id: string };
  outbind: { system_id: string; password: string };
  unbind: Nothing;
  unbind_resp: Nothing;
  enquire_link: Nothing;
  enquire_link_resp: Nothing;
  submit_sm: MessageBody;
  submit_sm_resp: { message_id: string };
  /** Not carried out here, so its lists are not taken apart. */
  submit_multi: { unread: Buffer };
  submit_multi_resp: { unread: Buffer };
  deliver_sm: MessageBody;
  deliver_sm_resp: { message_id: string };
  data_sm: DataBody;
  data_sm_resp: { message_id: string };
  query_sm: { message_id: string } & Sender;
  query_sm_resp: { message_id: string; final_date: string; message_state: number; error_code: number };
  cancel_sm: { service_type: string; message_id: string } & Ends;
  cancel_sm_resp: Nothing;
  replace_sm: {
    message_id: string;
    schedule_delivery_time: string;
    validity_period: string;
    registered_delivery: number;
    sm_default_msg_id: number;
    short_message: Buffer;
  } & Sender;
  replace_sm_resp: Nothing;
  alert_notification: Sender & { esme_addr_ton: number; esme_addr_npi: number; esme_addr: string };
}

const octet = (name: string): Field => ({ name, type: 'octet' });
const text = (name: string, max: number): Field => ({ name, type: 'text', max });
const address = (name: string, prefix: string, max: number): Field[] => [
  octet(`${prefix}_addr_ton`),
  octet(`${prefix}_addr_npi`),
  text(name, max),
];
const ends = (max: number): Field[] => [
  ...address('source_addr', 'source', max),
  ...address('destination_addr', 'dest', max),
];
/** 255 would be allowed by the octet; the specification stops at 254 (§5.2.21). */
const SHORT_MESSAGE: Field = { name: 'short_message', type: 'counted', max: 254 };
const ID = text('message_id', 65);

const BIND: Field[] = [
  text('system_id', 16),
  text('password', 9),
  text('system_type', 13),
  octet('interface_version'),
  octet('addr_ton'),
  octet('addr_npi'),
  text('address_range', 41),
];
const BOUND: Field[] = [text('system_id', 16)];
const MESSAGE: Field[] = [
  text('service_type', 6),
  ...ends(21),
  octet('esm_class'),
  octet('protocol_id'),
  octet('priority_flag'),
  text('schedule_delivery_time', 17),
  text('validity_period', 17),
  octet('registered_delivery'),
  octet('replace_if_present_flag'),
  octet('data_coding'),
  octet('sm_default_msg_id'),
  SHORT_MESSAGE,
];

/** SMPP 3.4 §4, field by field in wire order; the numbers are the largest sizes, NUL included. */
export const LAYOUTS: Readonly<Record<CommandName, readonly Field[]>> = {
  generic_nack: [],
  bind_receiver: BIND,
  bind_receiver_resp: BOUND,
  bind_transmitter: BIND,
  bind_transmitter_resp: BOUND,
  bind_transceiver: BIND,
  bind_transceiver_resp: BOUND,
  outbind: [text('system_id', 16), text('password', 9)],
  unbind: [],
  unbind_resp: [],
  enquire_link: [],
  enquire_link_resp: [],
  submit_sm: MESSAGE,
  submit_sm_resp: [ID],
  submit_multi: [{ name: 'unread', type: 'rest' }],
  submit_multi_resp: [{ name: 'unread', type: 'rest' }],
  deliver_sm: MESSAGE,
  deliver_sm_resp: [ID],
  data_sm: [
    text('service_type', 6),
    ...ends(65),
    octet('esm_class'),
    octet('registered_delivery'),
    octet('data_coding'),
  ],
  data_sm_resp: [ID],
  query_sm: [ID, ...address('source_addr', 'source', 21)],
  query_sm_resp: [ID, text('final_date', 17), octet('message_state'), octet('error_code')],
  cancel_sm: [text('service_type', 6), ID, ...ends(21)],
  cancel_sm_resp: [],
  replace_sm: [
    ID,
    ...address('source_addr', 'source', 21),
    text('schedule_delivery_time', 17),
    text('validity_period', 17),
    octet('registered_delivery'),
    octet('sm_default_msg_id'),
    SHORT_MESSAGE,
  ],
  replace_sm_resp: [],
  alert_notification: [...address('source_addr', 'source', 65), ...address('esme_addr', 'esme', 65)],
};
