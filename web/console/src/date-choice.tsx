import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api } from './api';

/** The date a page shows: from the address, else the newest that has a night. */
export function useDate(): { date: string; choice: React.ReactNode } {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const days = useQuery({ queryKey: ['days'], queryFn: api.days });
  const dates = (days.data?.data ?? []).map((day) => day.date);
  const date = params.get('date') ?? dates[0] ?? '';
  const choice = (
    <Select
      aria-label={t('c.pick')}
      style={{ width: 140 }}
      value={date || null}
      options={dates.map((value) => ({ value, label: value }))}
      onChange={(value) => {
        params.set('date', value);
        setParams(params);
      }}
    />
  );
  return { date, choice };
}
