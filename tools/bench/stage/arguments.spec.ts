import { Arguments } from './arguments';

const read = (words: string[]) => new Arguments(words, { flags: ['quick'], values: ['seconds', 'only'] });

describe('the words of a benchmark', () => {
  test('flags, values behind a blank or an equals sign', () => {
    const args = read(['--quick', '--seconds', '5', '--only=hmac']);
    expect(args.has('quick')).toBe(true);
    expect(args.count('seconds', 1, 10)).toBe(5);
    expect(args.choice('only', ['hmac', 'rsa'])).toBe('hmac');
  });

  test('what is absent is absent', () => {
    const args = read([]);
    expect([args.has('quick'), args.count('seconds', 1, 2), args.choice('only', ['hmac'])]).toEqual([
      false,
      undefined,
      undefined,
    ]);
  });

  test.each([['--fast'], ['--seconds'], ['--seconds', '0'], ['--seconds', 'x'], ['--only', 'md5']])(
    'a mistake is named: %s %s',
    (...words: string[]) => {
      expect(() => {
        const args = read(words);
        args.count('seconds', 1, 10);
        args.choice('only', ['hmac']);
      }).toThrow(/--(fast|seconds|only)/);
    },
  );
});
