import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api, type Operator } from './api';
import { mayOpen } from './pages';

/** The date a page shows: from the address, else the newest that has a night; a branch begins with the day at work. */
export function useDate(operator: Operator): { date: string; choice: React.ReactNode } {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const listed = mayOpen(operator, 'days');
  const days = useQuery({ queryKey: ['days'], queryFn: api.days, enabled: listed });
  const today = useQuery({ queryKey: ['today'], queryFn: api.today, enabled: !listed });
  const dates = (days.data?.data ?? []).map((day) => day.date);
  const date = params.get('date') ?? dates[0] ?? today.data?.business_date ?? '';
  const choose = (value: string) => {
    params.set('date', value);
    setParams(params);
  };
  const choice = listed ? (
    <Select
      aria-label={t('c.pick')}
      style={{ width: 140 }}
      value={date || null}
      options={dates.map((value) => ({ value, label: value }))}
      onChange={choose}
    />
  ) : (
    <input aria-label={t('c.pick')} type="date" value={date} onChange={(event) => choose(event.target.value)} />
  );
  return { date, choice };
}
