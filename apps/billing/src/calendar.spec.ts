import { dayOfMonth, shanghaiDate } from './calendar';

describe('dates in Asia/Shanghai', () => {
  test.each([
    { at: '2026-11-30T15:59:59.999Z', date: '2026-11-30', day: 30 },
    { at: '2026-11-30T16:00:00.000Z', date: '2026-12-01', day: 1 },
    { at: '2026-11-30T16:00:59.999Z', date: '2026-12-01', day: 1 },
    { at: '2026-11-30T15:59:00.000Z', date: '2026-11-30', day: 30 },
    { at: '2028-02-28T16:00:00.000Z', date: '2028-02-29', day: 29 },
    // Summer time, one hour ahead.
    { at: '1988-07-01T15:00:00.000Z', date: '1988-07-02', day: 2 },
  ])('$at is $date', ({ at, date, day }) => {
    expect([shanghaiDate(new Date(at)), shanghaiDate(new Date(at)), dayOfMonth(new Date(at))]).toEqual([
      date,
      date,
      day,
    ]);
  });
});
