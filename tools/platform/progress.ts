/** How long work tells that it lives; the terminal's part is tools/bootstrap/screen.mjs. */
export interface Step {
  note(text: string): void;
  progress(done: number, total: number, text?: string): void;
  done(detail?: string): void;
  fail(detail?: string): void;
}

export interface Screen {
  say(text?: string): void;
  step(name: string): Step;
}

/** For tests and one-shot tools: says nothing. */
export const silentScreen: Screen = {
  say: () => undefined,
  step: () => ({ note: () => undefined, progress: () => undefined, done: () => undefined, fail: () => undefined }),
};

/** Runs the work as one step: its result gives the closing words, an error marks the line and passes on. */
export async function inStep<T>(
  screen: Screen,
  name: string,
  work: (step: Step) => Promise<T>,
  words: (result: T) => string,
): Promise<T> {
  const step = screen.step(name);
  try {
    const result = await work(step);
    step.done(words(result));
    return result;
  } catch (error) {
    step.fail();
    throw error;
  }
}

/** A trouble the reader can do something about: one sentence, no stack. */
export class PlainError extends Error {
  override readonly name = 'PlainError';
}
