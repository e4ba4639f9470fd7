/**
 * A mobile number of this country as message centres write it: bare, or after +86, 86 or 0086, which a query string may turn
 * into a blank. Null for any other sender: nobody with a telephone stands behind a name or a service number.
 */
export function mobileNumber(written: string): string | null {
  return /^ ?(?:\+|00)?(?:86)?(1\d{10})$/.exec(written)?.[1] ?? null;
}
