/** Text of bank-to-customer messages for tests and for the bank that development plays. */
export interface PlayedEntry {
  amount: string;
  indicator?: 'CRDT' | 'DBIT';
  currency?: string;
  /** Members between `Amt` and the details, as XML. */
  status?: string;
  reference?: string;
  members?: string;
  /** The inside of `NtryDtls`. */
  details?: string;
}

export const transaction = (endToEndId: string, more = ''): string =>
  `<TxDtls><Refs><EndToEndId>${endToEndId}</EndToEndId></Refs>${more}</TxDtls>`;

export function entryText(entry: PlayedEntry): string {
  const { amount, indicator = 'CRDT', currency = 'CNY', reference = '', members = '', details = '' } = entry;
  return [
    `<Ntry><Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>${indicator}</CdtDbtInd>`,
    members.includes('<RvslInd>') ? members : '',
    entry.status ?? '<Sts>BOOK</Sts>',
    '<BookgDt><Dt>2026-11-22</Dt></BookgDt><ValDt><Dt>2026-11-23</Dt></ValDt>',
    reference === '' ? '' : `<AcctSvcrRef>${reference}</AcctSvcrRef>`,
    members.includes('<RvslInd>') ? '' : members,
    details === '' ? '' : `<NtryDtls>${details}</NtryDtls>`,
    '</Ntry>',
  ].join('');
}

export const balanceText = (type: string, amount: string, indicator = 'CRDT', currency = 'CNY'): string =>
  `<Bal><Tp><CdOrPrtry><Cd>${type}</Cd></CdOrPrtry></Tp><Amt Ccy="${currency}">${amount}</Amt>` +
  `<CdtDbtInd>${indicator}</CdtDbtInd><Dt><Dt>2026-11-22</Dt></Dt></Bal>`;

export const statementText = (inside: string, id = 'S1'): string =>
  `<Stmt><Id>${id}</Id><CreDtTm>2026-11-23T02:00:00+08:00</CreDtTm><Acct><Id><IBAN>DE02100100100006820101</IBAN></Id>` +
  `<Ccy>CNY</Ccy></Acct>${inside}</Stmt>`;

export const camt053Text = (inside: string, version = '02', header = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.${version}">` +
  `<BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-23T02:00:00+08:00</CreDtTm>${header}</GrpHdr>${inside}` +
  '</BkToCstmrStmt></Document>\n';
