/**
 * Who pays whom. Headquarters and its branches are one legal person: their positions are netted multilaterally, each branch
 * pays or receives one sum. Every provider, partner and agent is a person of its own: its gross and its fee stand apart
 * unless its contract allows set-off.
 */
export interface Obligation {
  /** Account in the money ledger that it settles. */
  account: string;
  party: string;
  netting: 'multilateral' | 'bilateral';
  /** + headquarters pays, − headquarters receives. */
  amount: bigint;
}

const MULTILATERAL = ['due/'];
const BILATERAL = ['clearing/', 'payable/', 'prefund/'];

/** @param balances account → credits − debits @param setOff parties whose contract allows it */
export function obligationsOf(balances: ReadonlyMap<string, bigint>, setOff: ReadonlySet<string>): Obligation[] {
  const found = new Map<string, Obligation>();
  for (const [account, amount] of balances) {
    const multilateral = MULTILATERAL.some((prefix) => account.startsWith(prefix));
    if (!multilateral && !BILATERAL.some((prefix) => account.startsWith(prefix))) continue;
    const party = account.slice(account.indexOf('/') + 1);
    // What was paid in before is the partner's until it is used: it is never set off against anything.
    const joined = !multilateral && setOff.has(party) && !account.startsWith('prefund/');
    const name = joined ? `set_off/${party}` : account;
    const before = found.get(name)?.amount ?? 0n;
    const netting = multilateral ? 'multilateral' : 'bilateral';
    found.set(name, { account: name, party, netting, amount: before + amount });
  }
  return [...found.values()]
    .filter(({ amount }) => amount !== 0n)
    .sort((a, b) => (a.account < b.account ? -1 : a.account > b.account ? 1 : 0));
}

/** What of an invoiced fee may be set off now: as much as both sides have, never more. */
export function setOffAmount(payable: bigint, clearing: bigint): bigint {
  const owedByUs = payable > 0n ? payable : 0n;
  const owedToUs = clearing < 0n ? -clearing : 0n;
  return owedByUs < owedToUs ? owedByUs : owedToUs;
}
