import type { Script } from '../contract/conformance';
import type { WireFields } from './wire';

/** null: the answer never comes. */
export type UnionPayAnswer = {
  fields?: WireFields;
  text?: string;
  status?: number;
  forged?: boolean;
  cut?: boolean;
} | null;

/** What each script makes of a request. A request for money is only accepted; the question tells what became of it. */
export function scripted(script: Script, asked: WireFields): UnionPayAnswer {
  const isQuery = asked['txnType'] === '00';
  const fields = isQuery ? queried(asked, '00') : acceptedFields(asked, '00');
  switch (script) {
    case 'succeed':
      return { fields };
    case 'silent':
      return null;
    case 'forged':
      return { fields, forged: true };
    case 'cut_line':
      return { fields, cut: true };
    case 'not_json':
      return { text: '<html>' };
    case 'server_error':
      return { status: 502, text: 'Bad Gateway' };
    case 'not_found':
      return { fields: { ...named(asked), respCode: '34', respMsg: '查无此交易' } };
    default:
      return { fields: changed(script, asked, fields) };
  }
}

type Changed = Exclude<
  Script,
  'succeed' | 'silent' | 'forged' | 'cut_line' | 'not_json' | 'server_error' | 'not_found'
>;

function changed(script: Changed, asked: WireFields, done: WireFields): WireFields {
  const isQuery = asked['txnType'] === '00';
  const told = (code: string): WireFields => (isQuery ? queried(asked, code) : acceptedFields(asked, code));
  switch (script) {
    case 'decline':
      return told('64');
    case 'pending':
      return told('70');
    case 'unlisted_status':
      return told('XX');
    case 'wrong_order':
      return { ...done, orderId: '99999999' };
    case 'wrong_amount':
      return isQuery ? { ...done, txnAmt: '1' } : done;
  }
}

const NAMES = ['merId', 'orderId', 'txnTime', 'txnType', 'txnSubType', 'bizType', 'accessType'];

const named = (asked: WireFields): WireFields =>
  Object.fromEntries(NAMES.flatMap((name) => (asked[name] === undefined ? [] : [[name, asked[name]]])));

function acceptedFields(asked: WireFields, respCode: string): WireFields {
  const repeated = ['txnAmt', 'currencyCode', 'origQryId', 'bindId'];
  const given = Object.fromEntries(
    repeated.flatMap((name) => (asked[name] === undefined ? [] : [[name, asked[name]]])),
  );
  return {
    ...named(asked),
    ...given,
    respCode,
    respMsg: respCode === '00' ? '成功[0000000]' : '失败[1000000]',
    queryId: '442611221115002678498',
    ...(asked['txnSubType'] === '07' ? { qrCode: 'https://qr.95516.com/00010000/62122602160842540518' } : {}),
    ...(asked['channelType'] === '08' && asked['txnSubType'] === '01' ? { tn: '612345678901234567890' } : {}),
  };
}

export function queried(asked: WireFields, origRespCode: string): WireFields {
  return {
    ...named(asked),
    respCode: '00',
    respMsg: '成功[0000000]',
    origRespCode,
    origRespMsg: '成功[0000000]',
    queryId: '442611221115002678498',
    txnAmt: '5000',
    currencyCode: '156',
    settleAmt: '5000',
    settleCurrencyCode: '156',
    settleDate: '1122',
    traceNo: '784649',
    traceTime: '1122111500',
    reqReserved: '{a=b&c=d}',
  };
}
