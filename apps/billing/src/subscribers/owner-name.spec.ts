import { maskOwner, ownerMark } from './owner-name';

test.each([
  ['王秀兰', '王*兰'],
  ['李明', '李*'],
  ['欧阳小明', '欧**明'],
  ['张', '张*'],
  [' 王秀兰 ', '王*兰'],
  ['𠮷野家', '𠮷*家'],
])('%s is shown as %s', (name, shown) => expect(maskOwner(name)).toBe(shown));

test('a mark tells owners apart and cannot be compared between subscribers', () => {
  expect(ownerMark('s1', '王秀兰')).toBe(ownerMark('s1', '王秀兰 '));
  expect(ownerMark('s1', '王秀兰')).not.toBe(ownerMark('s1', '王秀芳'));
  expect(ownerMark('s1', '王秀兰')).not.toBe(ownerMark('s2', '王秀兰'));
});
