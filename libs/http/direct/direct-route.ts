import type { DirectAnswer } from './direct-answer';
import type { DirectCall, DirectRouteOptions } from './direct-call';

/** A call that comes by the thousand. */
export interface DirectRoute extends DirectRouteOptions {
  /** Answers; what it rejects with is told as the problem filter tells it. */
  serve(call: DirectCall, answer: DirectAnswer): Promise<void>;
}
