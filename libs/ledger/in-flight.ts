/**
 * The same key twice at once: with the same input both get one answer; with another input, or for a tombstone, the later
 * one waits for the first and then goes through the door, which knows what was stored.
 */
export class InFlight<R> {
  private readonly entries = new Map<string, { input: string | undefined; answer: Promise<R> }>();

  /**
   * @param send is told how long its turn was waited for, in ms
   * @param since when it was first asked for, on the monotonic clock, if it had to wait
   */
  submit(name: string, input: string | undefined, send: (waitedMs: number) => Promise<R>, since?: number): Promise<R> {
    const other = this.entries.get(name);
    if (!other) return this.first(name, input, send(since === undefined ? 0 : performance.now() - since));
    if (input !== undefined && other.input === input) return other.answer;
    const from = since ?? performance.now();
    const again = () => this.submit(name, input, send, from);
    return other.answer.then(again, again);
  }

  private first(name: string, input: string | undefined, answer: Promise<R>): Promise<R> {
    this.entries.set(name, { input, answer });
    const forget = () => void this.entries.delete(name);
    answer.then(forget, forget);
    return answer;
  }
}
