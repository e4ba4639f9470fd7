import { behaviour } from '../bank/behaviour';
import type { Intent, StripeBook } from './stripe-book';
import type { StripeCourier } from './stripe-courier';
import { bare, intentBody } from './stripe-words';

/** Brings payments to their effect when their time has come, whether or not the process lived through it. */
export class StripeSettler {
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly book: StripeBook,
    private readonly courier: StripeCourier,
  ) {
    for (const intent of book.intents.values()) if (intent.status === 'processing') this.schedule(intent);
  }

  /** A debit has come. */
  arrived(intent: Intent): void {
    const chosen = behaviour(intent.behaviour);
    if (chosen.forgedCallback) this.courier.sendForged(this.notice({ ...intent, status: 'succeeded' }, 'forged', 1));
    if (intent.status === 'processing') this.schedule(intent);
    else if (chosen.callbacks > 0) this.tell(intent, chosen.callbacks);
  }

  /** Takes the money now, whatever was said about it before (a late payment after a close). */
  succeed(intent: Intent, copies: number): void {
    this.finish({ ...intent, status: 'succeeded' }, copies);
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  private schedule(intent: Intent): void {
    const wait = Math.max(0, (intent.settlesAt ?? 0) - Date.now());
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      const chosen = behaviour(intent.behaviour);
      if (chosen.effect === 'take') return this.finish({ ...intent, status: 'succeeded' }, chosen.callbacks);
      const declineCode = declineCodeOf(chosen.reason);
      this.finish({ ...intent, status: 'requires_payment_method', declineCode }, chosen.callbacks);
    }, wait);
    this.timers.add(timer);
  }

  private finish(intent: Intent, copies: number): void {
    const { settlesAt: _done, ...rest } = intent;
    const { date, created } = this.book.moment();
    const finished: Intent = { ...rest, date, created };
    this.book.put({ t: 'intent', intent: finished });
    if (copies > 0) this.tell(finished, copies);
  }

  private tell(intent: Intent, copies: number): void {
    this.courier.send(this.notice(intent, 'evt', copies));
  }

  private notice(intent: Intent, head: string, copies: number): Parameters<StripeCourier['send']>[0] {
    const type = intent.status === 'succeeded' ? 'payment_intent.succeeded' : 'payment_intent.payment_failed';
    const { created } = this.book.moment();
    return {
      id: `${head}_${intent.id.slice(3)}_${intent.status.slice(0, 9)}`,
      type,
      object: bare(intentBody(intent)),
      created,
      copies,
    };
  }
}

/** The platform reads the reason from Stripe's own code. */
export const declineCodeOf = (reason: string | undefined): string =>
  reason === 'limit' ? 'card_velocity_exceeded' : reason === 'insufficient_funds' ? reason : 'generic_decline';
