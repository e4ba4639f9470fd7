import { dateLine, DirectAnswer, statusLine } from './direct-answer';

test('fields in their order, one of a name; sent once', () => {
  const sent: [number, string, string][] = [];
  const answer = new DirectAnswer((...whole) => sent.push(whole));
  answer.code(201).header('a', '1').header('b', '2').header('a', '3').send('x').send('y');
  expect(sent).toEqual([[201, 'a: 3\r\nb: 2\r\n', 'x']]);
});

test.each(['a\r\nb: c', 'a\n', '\0', 'é'])('a value that would be more than one field is not sent: %j', (value) => {
  expect(() => new DirectAnswer(() => undefined).header('a', value)).toThrow('cannot be sent');
});

test('the first line and the date are as HTTP has them', () => {
  expect([statusLine(201), statusLine(503)]).toEqual([
    'HTTP/1.1 201 Created\r\n',
    'HTTP/1.1 503 Service Unavailable\r\n',
  ]);
  const [, at = ''] = /^Date: (\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT)\r\n$/.exec(dateLine()) ?? [];
  expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(60_000);
});
