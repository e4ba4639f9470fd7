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
    sip.hash128(input(length), 0, length);
    expect(hex(sip.h0, sip.h1, sip.h2, sip.h3)).toBe(wanted);
  });

  test('64 bits of 15 bytes are those of the paper', () => {
    sip.hash64(input(15), 0, 15);
    expect(hex(sip.h0, sip.h1)).toBe('e545be4961ca29a1');
  });

  test('a stretch of a longer text is hashed as if it stood alone; nothing at all is zero', () => {
    const bytes = input(64);
    sip.hash128(bytes, 20, 40);
    const within = hex(sip.h0, sip.h1, sip.h2, sip.h3);
    sip.hash128(bytes.slice(20, 40), 0, 20);
    expect(hex(sip.h0, sip.h1, sip.h2, sip.h3)).toBe(within);
    sip.hash64(bytes, 5, 5);
    expect([sip.h0, sip.h1]).toEqual([0, 0]);
  });
});
