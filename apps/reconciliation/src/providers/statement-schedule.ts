import { providerProfile } from '@yidian/connectors/contract';
import { CONNECTORS } from '@yidian/connectors/registry.gen';
import { addDays } from '../dates';

/** When a provider's statement of a date can be there, and when it is late: HH:mm in Asia/Shanghai on the day after it. */
export interface StatementSchedule {
  /** Null: nobody said, it is asked for at once. */
  from: string | null;
  deadline: string;
  /** Minutes between two questions; null: as this service is set. */
  everyMinutes: number | null;
}

/** As usual for the connector, unless the provider's own profile says otherwise. */
export function statementSchedule(connector: string, own: object): StatementSchedule {
  const usual = CONNECTORS.find(({ name }) => name === connector)?.profile ?? {};
  const said = { ...usual, ...own };
  const { statementFrom, statementDeadline, statementEveryMinutes } = providerProfile.parse(said);
  return {
    from: 'statementFrom' in said ? statementFrom : null,
    deadline: statementDeadline,
    everyMinutes: statementEveryMinutes ?? null,
  };
}

export const expectedAt = (date: string, { from }: StatementSchedule): Date | null =>
  from === null ? null : onNextDay(date, from);

export const deadlineAt = (date: string, { deadline }: StatementSchedule): Date => onNextDay(date, deadline);

const onNextDay = (date: string, time: string): Date => new Date(`${addDays(date, 1)}T${time}:00+08:00`);
