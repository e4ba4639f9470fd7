/** How a submission ends without an answer. The difference between "surely not" and "unknown" is what money depends on. */

/** The queue is full, or tries ran out with nothing executed: surely not executed; send the same key again later. */
export class Busy extends Error {
  override readonly name: string = 'Busy';
}

/** The door takes no writes now (read-only server, disk full, shut down): surely not executed. */
export class Closed extends Busy {
  override readonly name = 'Closed';
}

/** The deadline passed before the item entered a batch: surely not executed. */
export class Expired extends Error {
  override readonly name = 'Expired';
}

/** No answer, and the truth could not be found out in time: maybe executed. Ask with the same key; never "failed". */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

/** Thrown by a batch body: something in this batch cannot be stored. The batch is halved until the culprit is alone. */
export class Poison extends Error {
  override readonly name = 'Poison';
}

/** Thrown by a batch body: surely not executed, and worth another try of the whole batch. */
export class RunAgain extends Error {
  override readonly name = 'RunAgain';
}
