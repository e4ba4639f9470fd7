/** A text that is to leave, for the `tries`-th time after the first. */
export interface Parting {
  /** Of the row: the same in every try. */
  id: string;
  /** Whole number. */
  to: string;
  text: string;
  tries: number;
}

/**
 * What became of it. `taken`: the message centre has it. `refused`: it never will. `later`: surely not taken. `unknown`: it
 * may have it; the same row is tried again, since a text twice is better than none.
 */
export type Carried = 'taken' | 'refused' | 'later' | 'unknown';

/** The way to phones. */
export interface SmsWire {
  carry(parting: Parting): Promise<Carried>;
}
