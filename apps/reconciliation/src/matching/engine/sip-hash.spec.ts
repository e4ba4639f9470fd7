import { SipHash } from './sip-hash';

const key = Uint8Array.from({ length: 16 }, (_, n) => n);
const input = (length: number) => Uint8Array.from({ length }, (_, n) => n);
const hex = (...words: number[]): string =>
  words
    .map((word) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(word);
      return bytes.toString('hex');
    })
    .join('');

describe('SipHash-2-4', () => {
  const sip = new SipHash(key);

  test.each([
    [0, 'a3817f04ba25a8e66df67214c7550293'],
    [1, 'da87c1d86b99af44347659119b22fc45'],
    [2, '8177228da4a45dc7fca38bdef60affe4'],
  ])('128 bits of %i bytes are those of the reference', (length, wanted) => {
    sip.hash128(0, sip.put(input(length)));
    expect(hex(sip.h0, sip.h1, sip.h2, sip.h3)).toBe(wanted);
  });

  test('64 bits of 15 bytes are those of the paper', () => {
    sip.hash64(0, sip.put(input(15)));
    expect(hex(sip.h0, sip.h1)).toBe('e545be4961ca29a1');
  });

  test.each([8, 16, 20, 22, 23, 24, 31])(
    '%i bytes within a longer text are hashed as if they stood alone',
    (length) => {
      sip.put(input(200));
      sip.hash128(20, 20 + length);
      const within = hex(sip.h0, sip.h1, sip.h2, sip.h3);
      sip.put(Buffer.alloc(64, 0xff));
      sip.hash128(0, sip.put(input(200).slice(20, 20 + length)));
      expect(hex(sip.h0, sip.h1, sip.h2, sip.h3)).toBe(within);
    },
  );

  test('nothing at all is zero; a text of any size has room', () => {
    sip.hash64(5, 5);
    expect([sip.h0, sip.h1]).toEqual([0, 0]);
    const long = Buffer.alloc(3_000_000, 7);
    sip.hash128(0, sip.put(long));
    const whole = hex(sip.h0, sip.h1);
    long[2_999_999] = 8;
    sip.hash128(0, sip.put(long));
    expect(hex(sip.h0, sip.h1)).not.toBe(whole);
  });
});
