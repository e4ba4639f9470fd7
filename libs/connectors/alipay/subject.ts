/** What the payer sees of an order; Alipay refuses `/`, `=` and `&` in it, and more than 256 characters. */
export const subjectOf = (note: string): string =>
  [...note.replace(/[/=&]/g, ' ')].slice(0, 256).join('') || '话费充值';
