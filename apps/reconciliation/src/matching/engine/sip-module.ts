/**
 * SipHash-2-4 as a WebAssembly module of one function, written out: 64-bit words and rotations are one instruction there and a
 * dozen in JavaScript, which made hashing the dearest part of matching.
 *
 * run(at, n, wide): hashes memory[at, at + n) to memory[0, 16); wide is 0xee for 128 bits and 0 for 64. The state to begin with
 * (constants and key) is at 16, 24, 32 and 40. It reads up to 8 bytes behind the text and ignores them.
 */
const [AT, N, WIDE, V0, V1, V2, V3, M, END] = [0, 1, 2, 3, 4, 5, 6, 7, 8];

const OP = { block: 0x02, loop: 0x03, if: 0x04, end: 0x0b, br: 0x0c, brIf: 0x0d, select: 0x1b };
const I32 = { eq: 0x46, add: 0x6a, and: 0x71, shl: 0x74 };
const I64 = { add: 0x7c, sub: 0x7d, and: 0x83, or: 0x84, xor: 0x85, shl: 0x86, rotl: 0x89, extend: 0xad };
const NOTHING = 0x40;
const [TYPE_I32, TYPE_I64, TYPE_FUNCTION] = [0x7f, 0x7e, 0x60];

const get = (local = 0): number[] => [0x20, local];
const set = (local = 0): number[] => [0x21, local];
const i32 = (value: number): number[] => [0x41, ...signed(value)];
const i64 = (value: number): number[] => [0x42, ...signed(value)];
const load = [0x29, 0, 0];
const store = [0x37, 0, 0];

/** a = a <op> b */
const into = (a = 0, op: number, b = 0): number[] => [...get(a), ...get(b), op, ...set(a)];
const rotate = (a = 0, by: number): number[] => [...get(a), ...i64(by), I64.rotl, ...set(a)];
const mixIn = (a = 0, value: number[]): number[] => [...get(a), ...value, I64.xor, ...set(a)];

const ROUND = [
  ...into(V0, I64.add, V1),
  ...rotate(V1, 13),
  ...into(V1, I64.xor, V0),
  ...rotate(V0, 32),
  ...into(V2, I64.add, V3),
  ...rotate(V3, 16),
  ...into(V3, I64.xor, V2),
  ...into(V0, I64.add, V3),
  ...rotate(V3, 21),
  ...into(V3, I64.xor, V0),
  ...into(V2, I64.add, V1),
  ...rotate(V1, 17),
  ...into(V1, I64.xor, V2),
  ...rotate(V2, 32),
];
const rounds = (n: number): number[] => Array.from({ length: n }, () => ROUND).flat();

/** Takes M in. */
const COMPRESS = [...into(V3, I64.xor, M), ...rounds(2), ...into(V0, I64.xor, M)];
const RESULT = [...get(V0), ...get(V1), I64.xor, ...get(V2), I64.xor, ...get(V3), I64.xor];

const BODY = [
  ...[V0, V1, V2, V3].flatMap((local, n) => [...i32(16 + n * 8), ...load, ...set(local)]),
  ...mixIn(V1, [...get(WIDE), I64.extend]),
  // whole words
  ...[...get(AT), ...get(N), ...i32(-8), I32.and, I32.add, ...set(END)],
  ...[OP.block, NOTHING, OP.loop, NOTHING, ...get(AT), ...get(END), I32.eq, OP.brIf, 1],
  ...[...get(AT), ...load, ...set(M), ...COMPRESS, ...get(AT), ...i32(8), I32.add, ...set(AT)],
  ...[OP.br, 0, OP.end, OP.end],
  // what is left, and the length in the last byte
  ...[...i64(1), ...get(N), ...i32(7), I32.and, ...i32(3), I32.shl, I64.extend, I64.shl, ...i64(1), I64.sub],
  ...[...get(AT), ...load, I64.and, ...get(N), I64.extend, ...i64(56), I64.shl, I64.or, ...set(M)],
  ...COMPRESS,
  ...mixIn(V2, [...i64(0xee), ...i64(0xff), ...get(WIDE), OP.select]),
  ...[...rounds(4), ...i32(0), ...RESULT, ...store],
  ...[...get(WIDE), OP.if, NOTHING, ...mixIn(V1, i64(0xdd)), ...rounds(4), ...i32(8), ...RESULT, ...store, OP.end],
  OP.end,
];

const LOCALS = [2, 5, TYPE_I64, 1, TYPE_I32];

/** The module's bytes: one function, one memory of at least a page, both exported. */
export function sipModule(): Uint8Array<ArrayBuffer> {
  const code = [...LOCALS, ...BODY];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, TYPE_FUNCTION, 3, TYPE_I32, TYPE_I32, TYPE_I32, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...named('run'), 0, 0, ...named('memory'), 2, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

const section = (id: number, body: number[]): number[] => [id, ...unsigned(body.length), ...body];
const named = (name: string): number[] => [name.length, ...Buffer.from(name)];

function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  const low = value & 0x7f;
  const rest = value >> 7;
  const ends = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
  return ends ? [low] : [low | 0x80, ...signed(rest)];
}
