import { FieldSyntaxError, parseDictionary, serializeMember } from './structured-fields';

const again = (text: string) =>
  [...parseDictionary(text)].map(([name, member]) => `${name}=${serializeMember(member)}`).join(', ');

test.each([
  ['sig=("@method" "a";req "b";key="x");created=1;nonce="n";keyid="k"', undefined],
  ['sha-256=:AAEC:', undefined],
  ['a=(),b=1', 'a=(), b=1'],
  ['a=( "x"   "y" ), b=-12', 'a=("x" "y"), b=-12'],
  ['a="say \\"hi\\" \\\\"', undefined],
  ['a=tok/en:x', undefined],
  ['a=1, a=2', 'a=2'],
  ['a=?1;p=?0', undefined],
])('%s', (text, expected) => {
  expect(again(text)).toBe(expected ?? text);
});

test('a list that was read before is read the same, whatever stands behind or inside it', () => {
  const lists = ['("a)" "b")', '("a" "b";req)', '("a" "b")', '()'];
  const texts = lists.flatMap((list) => [`x=${list};created=1`, `x=${list}, y=${list};p`]);
  for (let time = 0; time < 2; time++) for (const text of texts) expect(again(text)).toBe(text);
  expect(() => parseDictionary('x=("a" "b")"c"')).toThrow(FieldSyntaxError);
});

test.each([
  'a=(',
  'a=("x""y")',
  'a="x',
  'a=:!:',
  'a=1,',
  'a=1 b=2',
  'A=1',
  'a=1.5',
  'a="ü"',
  '=1',
  `a="${'x'.repeat(9_000)}"`,
])('refused: %s', (text) => {
  expect(() => parseDictionary(text)).toThrow(FieldSyntaxError);
});
