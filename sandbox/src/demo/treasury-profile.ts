/** Headquarters' treasury in the demo: one account of ours, and how each outside party's money arrives on it. */
export function treasuryProfile(): object {
  return {
    accounts: [{ code: 'main', name: '演示运营商总部', account: 'DEMO6222000000000001', bic: 'BKCHCNBJXXX' }],
    providers: [
      { provider: 'bank_a', arrives: 'payout', lagDays: 1, recognisedBy: ['BANK A SETTLEMENT'] },
      { provider: 'demo_bank', arrives: 'payout', lagDays: 1, recognisedBy: ['DEMO BANK SETTLEMENT'] },
      { provider: 'demo_shop', arrives: 'remittance', lagDays: 2, recognisedBy: ['DEMO SHOP'], setOff: true },
    ],
    // A payee counts at once, so that a visitor sees a payout the same day; a live profile waits a day.
    payeeWaitHours: 0,
  };
}
