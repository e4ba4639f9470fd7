/**
 * The same key twice at once: with the same input both get one answer; with another input, or for a tombstone, the later
 * one waits for the first and then goes through the door, which knows what was stored.
 */
export class InFlight<R> {
  private readonly entries = new Map<string, { input: string | undefined; answer: Promise<R> }>();

  submit(name: string, input: string | undefined, send: () => Promise<R>): Promise<R> {
    const other = this.entries.get(name);
    if (!other) return this.first(name, input, send);
    if (input !== undefined && other.input === input) return other.answer;
    const again = () => this.submit(name, input, send);
    return other.answer.then(again, again);
  }

  private first(name: string, input: string | undefined, send: () => Promise<R>): Promise<R> {
    const answer = send();
    this.entries.set(name, { input, answer });
    const forget = () => void this.entries.delete(name);
    answer.then(forget, forget);
    return answer;
  }
}
