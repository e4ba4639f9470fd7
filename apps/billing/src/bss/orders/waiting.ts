import { Injectable } from '@nestjs/common';
import type { OrderKind } from './order';

/** Lets who asked wait a moment for an end that is already on its way. A hint in memory: the truth is the row. */
@Injectable()
export class Waiting {
  private readonly waiters = new Map<string, Set<() => void>>();

  /** Resolves when the order has ended in this process, or after `ms`. */
  async until(kind: OrderKind, refNo: string, ms: number): Promise<void> {
    const name = `${kind} ${refNo}`;
    const waiters = this.waiters.get(name) ?? new Set();
    this.waiters.set(name, waiters);
    let timer: NodeJS.Timeout | undefined;
    let wake: (() => void) | undefined;
    await new Promise<void>((resolve) => {
      wake = resolve;
      waiters.add(resolve);
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
    if (wake) waiters.delete(wake);
    if (waiters.size === 0) this.waiters.delete(name);
  }

  ended(kind: OrderKind, refNo: string): void {
    for (const wake of this.waiters.get(`${kind} ${refNo}`) ?? []) wake();
  }
}
