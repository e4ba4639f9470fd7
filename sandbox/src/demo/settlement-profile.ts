/** Contracts of the demo's outside parties, shared by the settlement profile and by the parties' own statements. */
export const CONTRACTS = {
  /** 0.60 %: 50.00 yuan cost 0.30. */
  bank_a: { ppm: 6000n, min: 0n },
  /** 0.38 %, at least 0.10 yuan a payment. */
  demo_bank: { ppm: 3800n, min: 10n },
  /** 0.80 %. */
  demo_shop: { ppm: 8000n, min: 0n },
} as const;

export function settlementProfile(validFrom: string): object {
  return {
    feeSchedules: Object.entries(CONTRACTS).map(([provider, contract]) => ({
      id: `fee_${provider}`,
      provider,
      validFrom,
      ppm: contract.ppm.toString(),
      fixed: '0',
      min: contract.min.toString(),
      cap: null,
      rounding: 'half_up',
    })),
    commissionPlans: [{ id: 'acquiring_branch', validFrom, channel: '*', earner: 'acquiring_branch', ppm: '5000' }],
  };
}
