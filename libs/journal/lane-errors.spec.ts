import { Poison } from '@yidian/batching';
import { ConnectionLost } from './lane-connection';
import { verdictAtCommit, verdictBeforeCommit } from './lane-errors';

const server = (errno: number, more: object = {}) => Object.assign(new Error(`errno ${errno}`), { errno, ...more });

describe('what an error of a lane means', () => {
  test.each([
    ['deadlock, or Galera certification', 1213, 'again', 'again'],
    ['lock wait time-out', 1205, 'again', 'again'],
    ['record changed since the snapshot', 1020, 'again', 'again'],
    ['TiDB write conflict', 8002, 'again', 'again'],
    ['TiDB write conflict', 8005, 'again', 'again'],
    ['TiDB write conflict', 8022, 'again', 'again'],
    ['TiDB write conflict', 9007, 'again', 'again'],
    ['statement interrupted', 1317, 'again', 'lost'],
    ['statement time-out of MariaDB', 1969, 'again', 'lost'],
    ['statement time-out of MySQL', 3024, 'again', 'lost'],
    ['duplicate key', 1062, 'duplicate', 'lost'],
    ['too long', 1406, 'poison', 'lost'],
    ['out of range', 1264, 'poison', 'lost'],
    ['no such value', 1366, 'poison', 'lost'],
    ['NULL', 1048, 'poison', 'lost'],
    ['CHECK of MariaDB', 4025, 'poison', 'lost'],
    ['CHECK of MySQL', 3819, 'poison', 'lost'],
    ['server shutting down', 1053, 'lost', 'lost'],
    ['error during COMMIT', 1180, 'lost', 'lost'],
    ['killed', 1927, 'lost', 'lost'],
    ['idle time-out', 4031, 'lost', 'lost'],
    ['result undetermined', 8501, 'lost', 'lost'],
    ['read-only', 1290, 'closed', 'lost'],
    ['read-only mode of InnoDB', 1836, 'closed', 'lost'],
    ['not in the primary component', 1047, 'closed', 'lost'],
    ['disk or table full', 1114, 'closed', 'lost'],
  ])('%s (%i): %s before COMMIT, %s at COMMIT', (_, errno, before, at) => {
    expect(verdictBeforeCommit(server(errno))).toBe(before);
    expect(verdictAtCommit(server(errno))).toBe(at);
  });

  test.each([
    ['a silent connection', new ConnectionLost('no answer')],
    ['a reset socket', Object.assign(new Error('read'), { code: 'ECONNRESET', errno: -104 })],
    ['a broken pipe', Object.assign(new Error('write'), { code: 'EPIPE', errno: -32 })],
    ['a connection the driver lost', Object.assign(new Error('lost'), { code: 'PROTOCOL_CONNECTION_LOST' })],
    ['anything fatal', server(1213, { fatal: true })],
  ])('%s is lost, before COMMIT and at it', (_, error) => {
    expect([verdictBeforeCommit(error), verdictAtCommit(error)]).toEqual(['lost', 'lost']);
  });

  test('what a body throws is poison', () => {
    for (const error of [new Poison('too long'), new Error('a bug'), 'a word', undefined])
      expect(verdictBeforeCommit(error)).toBe('poison');
  });
});
