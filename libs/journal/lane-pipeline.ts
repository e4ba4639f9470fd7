import type { Connection } from 'mysql2';

/**
 * Several commands in one write, their answers in order: what the driver has no way for. It stands on the driver's inside (a
 * command queue whose head is handed every packet), as it is in the version that package.json names; a test on a real server
 * holds each part of it.
 */
interface Packet {
  isError(): boolean;
  asError(encoding: string): Error;
  readInt8(): number;
  readLengthCodedNumber(): number;
}

interface Command {
  /** Called without a packet to start, then with each that comes. @returns whether it was the last */
  execute(packet: Packet | undefined, connection: Driver): boolean;
}

type Done = (error: Error | null, result?: unknown) => void;

interface Handshake {
  handshake: { mariadbExtendedCapabilityFlags: number };
  clientFlags: number;
  mariadbExtendedClientFlags: number;
  sendSSLRequest(connection: Driver): void;
  sendCredentials(connection: Driver): void;
}

interface Driver {
  readonly stream: { cork(): void; uncork(): void };
  readonly config: object;
  readonly clientEncoding: string;
  readonly constructor: { createQuery(sql: string, values: undefined, done: Done, config: object): Command };
  _command: Handshake;
  _handshakePacket: Handshake['handshake'];
  sequenceId: number;
  write(bytes: Buffer): void;
  addCommand(command: Pipeline): void;
}

const driverOf = (connection: Connection): Driver => connection as unknown as Driver;

const BULK_OPERATIONS = 4;
const LONG_PASSWORD = 1;

/** Before the server's greeting has come: tells it that we bind arrays, if it does. */
export function offerBulk(connection: Connection): void {
  const greeting = driverOf(connection)._command;
  for (const step of ['sendSSLRequest', 'sendCredentials'] as const) {
    const send = greeting[step].bind(greeting);
    greeting[step] = (driver) => {
      if ((greeting.handshake.mariadbExtendedCapabilityFlags & BULK_OPERATIONS) !== 0) {
        greeting.mariadbExtendedClientFlags |= BULK_OPERATIONS;
        // MariaDB reads its own flags only from a client that does not claim to be MySQL's.
        greeting.clientFlags &= ~LONG_PASSWORD;
      }
      send(driver);
    };
  }
}

/** After the handshake: whether server and client agreed on it. */
export const takesBulk = (connection: Connection): boolean =>
  (driverOf(connection)._handshakePacket.mariadbExtendedCapabilityFlags & BULK_OPERATIONS) !== 0;

/** Statements as text, any number of them; or the bytes of a bulk command. */
export type Part = string | Buffer;

/**
 * Sends all parts at once. Unlike statements of one packet, those behind a failed part are still carried out: the session
 * must not commit by itself. Every answer is waited for, so that the connection stays in step.
 * @param done with the first part's error, or with what each part was answered
 */
export function sendParts(connection: Connection, parts: readonly Part[], done: Done): void {
  const driver = driverOf(connection);
  driver.addCommand(new Pipeline(driver, parts, done));
}

class Pipeline implements Command {
  private readonly commands: Command[];
  private readonly answers: unknown[] = [];
  private readonly errors: (Error | undefined)[] = [];
  private started = false;
  private at = 0;
  private waiting: number;

  constructor(
    driver: Driver,
    parts: readonly Part[],
    private readonly done: Done,
  ) {
    this.waiting = parts.length;
    this.commands = parts.map((part, n) => {
      const answered: Done = (error, answer) => this.answered(n, error, answer);
      if (typeof part !== 'string') return new BulkCommand(part, answered);
      return driver.constructor.createQuery(part, undefined, answered, driver.config);
    });
  }

  execute(packet: Packet | undefined, driver: Driver): boolean {
    if (!this.started) {
      this.started = true;
      driver.stream.cork();
      for (const command of this.commands) command.execute(undefined, driver);
      driver.stream.uncork();
      return false;
    }
    if (this.commands[this.at]?.execute(packet, driver) === true) {
      this.at++;
      // Every command counts its packets from 0; that of the next was sent long ago.
      driver.sequenceId = 1;
    }
    return this.at === this.commands.length;
  }

  /** The connection is gone. */
  onResult(error: Error): void {
    if (this.waiting === 0) return;
    this.waiting = 0;
    this.done(error);
  }

  private answered(n: number, error: Error | null, answer: unknown): void {
    if (this.waiting === 0) return;
    if (error) this.errors[n] = error;
    else this.answers[n] = answer;
    if (--this.waiting > 0) return;
    const first = this.errors.find((one) => one !== undefined);
    if (first) this.done(first);
    else this.done(null, this.answers);
  }
}

class BulkCommand implements Command {
  private sent = false;

  constructor(
    private readonly bytes: Buffer,
    private readonly answered: Done,
  ) {}

  execute(packet: Packet | undefined, driver: Driver): boolean {
    if (!this.sent) {
      this.sent = true;
      driver.write(this.bytes);
      driver.sequenceId = 1;
      return false;
    }
    if (!packet) throw new Error('a bulk command was started twice');
    if (packet.isError()) {
      this.answered(packet.asError(driver.clientEncoding));
      return true;
    }
    packet.readInt8();
    this.answered(null, { affectedRows: packet.readLengthCodedNumber() });
    return true;
  }
}
