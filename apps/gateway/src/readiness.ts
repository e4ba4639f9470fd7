import { Inject, Injectable } from '@nestjs/common';
import { assertDurable, Audit } from '@yidian/journal';
import type { HealthCheck } from '@yidian/telemetry';
import { DB, type Db } from './platform';

/** What must hold before requests are let in. Rooms add their own: `readiness.add('payment lane', () => …)`. */
@Injectable()
export class Readiness {
  private readonly checks = new Map<string, HealthCheck>();

  constructor(@Inject(DB) db: Db, audit: Audit) {
    this.add('database', async () => {
      await db.select('SELECT 1');
    });
    this.add('durability', () => assertDurable(db));
    this.add('audit lane', () => {
      if (!audit.ready()) throw new Error('not open');
    });
  }

  /** @param check throws with one sentence that holds no secret */
  add(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  all(): Record<string, HealthCheck> {
    return Object.fromEntries(this.checks);
  }
}
