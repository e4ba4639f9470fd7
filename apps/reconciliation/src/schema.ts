import type { SchemaPlan } from '@yidian/database';
import { Books1795340000001 } from './migrations/20261122090000-books';
import { Statements1795340000002 } from './migrations/20261122090100-statements';
import { Runs1795340000003 } from './migrations/20261122090200-runs';
import { Breaks1795340000004 } from './migrations/20261122090300-breaks';
import { Night1795340000005 } from './migrations/20261122090400-night';

export const schema: SchemaPlan = {
  service: 'reconciliation',
  migrations: [Books1795340000001, Statements1795340000002, Runs1795340000003, Breaks1795340000004, Night1795340000005],
  appendOnly: ['book_fact', 'match_item', 'break_event', 'alarm', 'day_sign_off'],
};
