/** One line of everything that happened to a number, oldest first. */
export interface TimelineEntry {
  at: string;
  what: string;
  amount: number | null;
  where: string;
  state: string;
  source: 'payment' | 'credit' | 'statement' | 'adjustment' | 'message' | 'decision';
  payment: string | null;
}

/** A source that could not be asked: what it knows is missing, which is not that there is nothing. */
export type TimelineGap = Extract<TimelineEntry['source'], 'statement'>;
