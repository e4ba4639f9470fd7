import type { Connection } from 'mysql2';

/**
 * INSERTs that the server knows by a number, one connection's. The text of one depends on which columns a batch leaves to
 * their defaults: a few per table. One that is met for the first time is sent as text and prepared before the next packet.
 */
const MOST = 64;
/** What the server would not prepare is sent as text for good: if it is wrong, its error then says what is wrong. */
const REFUSED = -1;

export class PreparedInserts {
  private readonly ids = new Map<string, number>();
  private readonly wanted = new Set<string>();

  constructor(private readonly connection: Connection) {}

  /** @returns undefined when it has to be sent as text */
  idOf(sql: string): number | undefined {
    const id = this.ids.get(sql);
    if (id === undefined) this.wanted.add(sql);
    return id === REFUSED ? undefined : id;
  }

  takeWanted(): string[] {
    if (this.wanted.size === 0) return [];
    const list = [...this.wanted];
    this.wanted.clear();
    return list;
  }

  /** @param done never with an error of this statement; a connection that is gone says so at the next packet */
  prepare(sql: string, done: (error: null) => void): void {
    this.makeRoom();
    this.connection.prepare(sql, (error, statement) => {
      this.ids.set(sql, error ? REFUSED : (statement as unknown as { id: number }).id);
      done(null);
    });
  }

  private makeRoom(): void {
    if (this.ids.size < MOST) return;
    for (const [oldest, id] of this.ids) {
      this.ids.delete(oldest);
      if (id !== REFUSED) this.connection.unprepare(oldest);
      return;
    }
  }
}
