/** One year's days off and the weekend days worked instead, as the State Council arranges them. Dates are MM-DD. */
export interface YearDays {
  year: number;
  /** published: the yearly notice · statutory: the law's own days only, the notice with its bridges is not out. */
  source: 'published' | 'statutory';
  /** Days, or from..to, both included. */
  off: readonly string[];
  /** Saturdays and Sundays on which banks work. */
  makeUp: readonly string[];
}

/**
 * Mainland China. A new year's notice is one more row; an installation may add or replace a year in its treasury profile
 * without a new release.
 */
export const CHINA_DAYS: readonly YearDays[] = [
  {
    year: 2024,
    source: 'published',
    off: ['01-01', '02-10..02-17', '04-04..04-06', '05-01..05-05', '06-10', '09-15..09-17', '10-01..10-07'],
    makeUp: ['02-04', '02-18', '04-07', '04-28', '05-11', '09-14', '09-29', '10-12'],
  },
  {
    year: 2025,
    source: 'published',
    off: ['01-01', '01-28..02-04', '04-04..04-06', '05-01..05-05', '05-31..06-02', '10-01..10-08'],
    makeUp: ['01-26', '02-08', '04-27', '09-28', '10-11'],
  },
  {
    year: 2026,
    source: 'published',
    off: [
      ...['01-01..01-03', '02-15..02-23', '04-04..04-06', '05-01..05-05', '06-19..06-21', '09-25..09-27'],
      '10-01..10-07',
    ],
    makeUp: ['01-04', '02-14', '02-28', '05-09', '09-20', '10-10'],
  },
  {
    year: 2027,
    source: 'statutory',
    off: ['01-01', '02-05..02-08', '04-05', '05-01..05-02', '06-09', '09-15', '10-01..10-03'],
    makeUp: [],
  },
];
