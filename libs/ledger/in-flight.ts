/**
 * The same key twice at once: with the same input both get one answer; with another input, or for a tombstone, the later
 * one waits for the first and then goes through the door, which knows what was stored.
 */
export class InFlight<R> {
  private readonly entries = new Map<string, { input: string | undefined; answer: Promise<R> }>();

  async submit(name: string, input: string | undefined, send: () => Promise<R>): Promise<R> {
    for (;;) {
      const other = this.entries.get(name);
      if (!other) break;
      if (input !== undefined && other.input === input) return other.answer;
      await other.answer.catch(() => undefined);
    }
    const answer = send();
    this.entries.set(name, { input, answer });
    const forget = () => void this.entries.delete(name);
    answer.then(forget, forget);
    return answer;
  }
}
