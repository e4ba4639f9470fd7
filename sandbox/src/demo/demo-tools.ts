import type { Customers } from '../wire/customers';
import type { Operators } from '../wire/operators';
import type { WebClient } from '../wire/web-client';
import type { World } from '../world';
import type { DemoJournal } from './demo-journal';
import type { Progress } from './progress';

/** What every part of the demo day works with. */
export interface DemoTools {
  world: World;
  web: WebClient;
  operators: Operators;
  customers: Customers;
  journal: DemoJournal;
  progress: Progress;
  /** Where this process reaches itself, for the payers' visits to the bank's pages. */
  ownUrl: string;
}
