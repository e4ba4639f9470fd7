import { readPlainClaim } from './plain-claim';
import { readAnyClaim, SignatureError } from './signature-claim';

const LIST = '("@method" "@target-uri" "content-digest";req)';
const SIGNATURE = 'yd=:LIThNlONsr7OmODieeqwB1XaTmiDbB0nYUNHiSyubh0=:';
const params = ';created=1795955964;nonce="wOHPsyHcLlFX0zcv";keyid="test_a b"';
const input = `yd=${LIST}${params}`;

const read = (...[asked, value]: [string, string]) => {
  try {
    return readAnyClaim(asked, value);
  } catch (error) {
    if (error instanceof SignatureError) return undefined;
    throw error;
  }
};

beforeAll(() => {
  for (const list of [LIST, '()', '("@method"  "x")']) read(`yd=${list}${params}`, SIGNATURE);
});

test.each<[string, string]>([
  ['as we write it', params],
  ['in another order, with alg and expires', ';alg="hmac-sha256";keyid="k";expires=2;nonce="12345678";created=0'],
])('%s: the same claim, without taking it to pieces', (_name, said) => {
  const claim = readPlainClaim(`yd=${LIST}${said}`, SIGNATURE);
  expect(claim).toBeDefined();
  expect(claim).toEqual(read(`yd=${LIST}${said}`, SIGNATURE));
  expect(claim?.covered.text).toBe(LIST + said);
});

test.each<[string, string, string?]>([
  ['a list that is new', `yd=("@path")${params}`],
  ['a list that is not canonical', `yd=("@method"  "x")${params}`],
  ['a parameter of others', `${input};tag="x"`],
  ['a parameter twice', `${input};created=1795955964`],
  ['a time with zeros before it', `yd=${LIST};created=01;nonce="12345678";keyid="k"`],
  ['a time below zero', `yd=${LIST};created=-1;nonce="12345678";keyid="k"`],
  ['a fraction', `yd=${LIST};created=1.5;nonce="12345678";keyid="k"`],
  ['a time as a text', `yd=${LIST};created="1";nonce="12345678";keyid="k"`],
  ['an escaped sign', `yd=${LIST};created=1;nonce="12345678";keyid="\\"k"`],
  ['a blank before a parameter', `yd=${LIST}; created=1;nonce="12345678";keyid="k"`],
  ['a blank behind it', `${input} `],
  ['two signatures', `${input}, b=()`],
  ['a blank in the nonce', `yd=${LIST};created=1;nonce="1234 5678";keyid="k"`],
  ['a short nonce', `yd=${LIST};created=1;nonce="1234567";keyid="k"`],
  ['no nonce', `yd=${LIST};created=1;keyid="k"`],
  ['a sign beyond ASCII', `yd=${LIST};created=1;nonce="12345678";keyid="\u00e9"`],
  ['a capital in the label', `Yd=${LIST}${params}`, SIGNATURE.replace('y', 'Y')],
  ['another label', input, SIGNATURE.replace('yd', 'yx')],
  ['two values', input, `${SIGNATURE}, b=:AAAA:`],
  ['signs that are not of base64', input, 'yd=:AA-A:'],
  ['no bytes at all', input, 'yd=:'],
  ['too much of it', `yd=${LIST};created=1;nonce="12345678";keyid="${'k'.repeat(9_000)}"`],
  ['nothing', '', ''],
])('%s is left to the other reader', (_name, asked, value = SIGNATURE) =>
  expect(readPlainClaim(asked, value)).toBeUndefined(),
);

test('whatever it reads in damaged fields, the other reader reads alike', () => {
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const splinters = [
    '"',
    ';',
    '=',
    ':',
    ' ',
    '(',
    ')',
    ',',
    '\\',
    '0',
    '1',
    'a',
    ';created=1',
    'yd=()',
    '\u00e9',
    '\t',
    '',
  ];
  const damaged = (text: string) => {
    const at = random(text.length);
    return text.slice(0, at) + (splinters[random(splinters.length)] ?? '') + text.slice(at + random(3));
  };
  let readAlike = 0;
  for (let round = 0; round < 20_000; round++) {
    const [asked, value] = round % 3 === 0 ? [input, damaged(SIGNATURE)] : [damaged(input), SIGNATURE];
    const plain = readPlainClaim(asked, value);
    if (!plain) continue;
    readAlike++;
    expect({ asked, value, plain }).toEqual({ asked, value, plain: read(asked, value) });
  }
  expect(readAlike).toBeGreaterThan(1_000);
});
