import { hash } from 'node:crypto';
import { askedOf, differing } from './request-members';

const body = { reference: 'R1', amount: 5000, funding: { type: 'collected', teller: '7' }, metadata: { 'a/b': 'x' } };

test('the order of members is no difference; a member left out as undefined is none', () => {
  const other = {
    metadata: { 'a/b': 'x' },
    funding: { teller: '7', type: 'collected' },
    amount: 5000,
    reference: 'R1',
  };
  expect(askedOf('payment', { ...other, expires_in: undefined })).toEqual(askedOf('payment', body));
});

test('another kind of operation with the same members is another request', () => {
  expect(askedOf('refund', body).hash).not.toBe(askedOf('payment', body).hash);
});

test.each([
  [{ ...body, amount: 5001 }, ['/amount']],
  [{ ...body, amount: '5000' }, ['/amount']],
  [{ ...body, funding: { type: 'collected', teller: '8' } }, ['/funding/teller']],
  [{ ...body, funding: { type: 'collected' } }, ['/funding/teller']],
  [{ ...body, metadata: { 'a/b': 'x', c: 'y' } }, ['/metadata/c']],
  [{ ...body, metadata: { 'a/b': 'z' } }, ['/metadata/a~1b']],
  [{}, ['/amount', '/funding/teller', '/funding/type', '/metadata/a~1b', '/reference']],
])('what differs is named by its pointer: %j', (other, pointers) => {
  const [a, b] = [askedOf('payment', body), askedOf('payment', other)];
  expect(a.hash).not.toBe(b.hash);
  expect(differing(a.members, b.members)).toEqual(pointers);
});

test('nothing of what was said can be read from what is kept', () => {
  const { members } = askedOf('payment', { number: '13900000000' });
  expect(members).toMatch(/^\/number [0-9a-f]{4}\n$/);
});

test.each(['R1', '', '"', '\\', '\u007f', '~}|', '王兰', '\u2028', 'a\nb', '\ud800', null, true, -0, 1e21, 5000])(
  'a value is compared as its JSON: %j',
  (value) => {
    expect(askedOf('k', { a: value }).hash).toBe(hash('sha256', `k\n\n/a\n${JSON.stringify(value)}`));
    expect(askedOf('k', { a: value }).members).toMatch(/^\/a [0-9a-f]{4}\n$/);
  },
);
