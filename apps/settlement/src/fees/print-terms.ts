/** Terms as JSON has them: amounts and rates as digits. */
export const printTerms = (terms: object): Record<string, unknown> =>
  JSON.parse(
    JSON.stringify(terms, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
  ) as Record<string, unknown>;
