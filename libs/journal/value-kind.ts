/** What a column's values are in all rows of a list. */
export enum Kind {
  /** Only nulls so far. */
  NOTHING,
  INTEGER,
  TEXT,
  TIME,
  BYTES,
  /** More than one kind in a column, or none of ours: such a list is sent as text. */
  OTHER,
}
