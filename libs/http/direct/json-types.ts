/** Ways to write the one content type of our bodies that need no parsing. */
export const JSON_TYPE_TEXTS: ReadonlySet<string> = new Set([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=utf-8',
  'application/json; charset=UTF-8',
  'application/json;charset=UTF-8',
]);
