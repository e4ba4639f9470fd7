/** How the baseline speaks to its database: statements by hand through a query runner, or `repository.save`. */
export const STYLES = ['raw', 'save'] as const;
export type Style = (typeof STYLES)[number];

export interface BaselineEnvironment {
  BASELINE_STYLE: Style;
  DATABASE_URL: string;
  PORT: string;
  BILLING_PORT: string;
}

export function baselineEnvironment(): BaselineEnvironment {
  const { BASELINE_STYLE, DATABASE_URL = '', PORT = '0', BILLING_PORT = '0' } = process.env;
  return { BASELINE_STYLE: BASELINE_STYLE === 'save' ? 'save' : 'raw', DATABASE_URL, PORT, BILLING_PORT };
}

/** More connections make both styles slower. */
export const POOL_SIZE = 16;
