/**
 * Services say why in English, in sentences of one form each. Pages say it in the reader's language: the form gives the key,
 * what it names gives the values. A sentence of another form is shown as it came: better a foreign reason than none.
 */
const SENTENCES: readonly (readonly [form: RegExp, key: string])[] = [
  [/^agrees$/, 'said.agrees'],
  [/^(?<n>\d+) of (?<all>\d+)(?: branches)?$/, 'said.ofAll'],
  [/^differs: (?<names>.+)$/, 'said.differs'],
  [/^each open item is a line that waits$/, 'said.itemsExplained'],
  [/^not explained: (?<names>.+)$/, 'said.notExplained'],
  [/^billing does not answer$/, 'said.billingSilent'],
  [/^(?<open>\d+) wait for billing, (?<refused>\d+) refused$/, 'said.outbox'],
  [/^every currency sums to zero$/, 'said.zeroSum'],
  [/^every balance is the sum of its transfers$/, 'said.balances'],
  [/^every receivable is its open items$/, 'said.openItems'],
  [/^(?<lanes>\d+) lanes, (?<batches>\d+) batches, (?<anchors>\d+) anchors$/, 'said.chains'],
  [
    /^(?<lanes>\d+) lanes, (?<batches>\d+) batches, (?<anchors>\d+) anchors, since the snapshot of (?<day>[\d-]+)$/,
    'said.chainsSince',
  ],
  [/^(?<day>[\d-]+), at anchor (?<n>\d+)$/, 'said.snapshot'],
  [/^(?<day>[\d-]+), at anchor (?<n>\d+): its balances are not those taken$/, 'said.snapshotOff'],
  [/^under way: (?<batches>\d+) of (?<all>\d+) batches, (?<rows>\d+) rows$/, 'said.verifying'],
  [/^under way: begun$/, 'said.begun'],
  [/^not settled: (?<names>.+)$/, 'said.notSettled'],
  [/^all$/, 'said.all'],
  [/^(?<n>\d+) under way$/, 'said.underWay'],
  [/^(?<n>\d+) compared$/, 'said.compared'],
  [/^(?<n>\d+) compared, (?<waived>\d+) waived$/, 'said.comparedWaived'],
  [/^(?<n>\d+) providers, (?<missing>\d+) known to be missing$/, 'said.monthDays'],
  [/^gifts and discounts not told by billing$/, 'said.promotionsOpen'],
  [/^(?<n>\d+) wait for their day and will count in the month that carries them out$/, 'said.lateResolutions'],
  [/^no invoice yet: (?<names>.+)$/, 'said.noInvoice'],
  [/^(?<n>\d+) providers that bill by the month$/, 'said.invoices'],
  [/^(?<n>\d+) schedules by tier$/, 'said.schedulesByTier'],
  [/^(?<n>\d+) plans by tier$/, 'said.plansByTier'],
  [/^(?<n>\d+) earners$/, 'said.earners'],
  [/^positions do not add up to zero$/, 'said.netOff'],
  [/^(?<n>\d+) positions that add up to zero$/, 'said.netted'],
  [/^not confirmed: (?<names>.+)$/, 'said.notConfirmed'],
  [/^(?<n>\d+) statements confirmed$/, 'said.confirmed'],
  [/^(?<n>\d+) parties are owed; payouts leave by their own runs$/, 'said.owed'],
];
const OFF_BY = /^(?<name>[^,]+) is off by (?<amount>-?[\d.]+)$/;

type Say = (key: string, values: Record<string, string>) => string;

export function serviceWords(sentence: string, say: Say): string {
  const parts = sentence.split(', ').map((part) => OFF_BY.exec(part)?.groups);
  if (parts.every((part) => part !== undefined)) return parts.map((part) => say('said.offBy', { ...part })).join(', ');
  for (const [form, key] of SENTENCES) {
    const found = form.exec(sentence);
    if (found) return say(key, { ...found.groups });
  }
  return sentence;
}
