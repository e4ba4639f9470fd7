import { bodyText, completedNumber, readAnswer } from './answer';

const BODY = '{"id":"pay_1","number":"26112243215007310042","state":"completed","final":true,"msisdn":"139****0000"}';
const answer = (status: number, body = BODY, name = 'content-length') =>
  Buffer.from(`HTTP/1.1 ${status} Words\r\nx: y\r\n${name}: ${Buffer.byteLength(body)}\r\nz: 1\r\n\r\n${body}`);

describe('answers', () => {
  test('are read whatever way the server writes the length', () => {
    for (const name of ['content-length', 'Content-Length', 'content-length', 'CONTENT-LENGTH']) {
      const read = readAnswer(answer(201, BODY, name));
      expect(read && [read.status, bodyText(read)]).toEqual([201, BODY]);
    }
  });

  test('that come in pieces are read when the last piece is there', () => {
    const whole = answer(201);
    for (let cut = 0; cut < whole.length; cut++) expect(readAnswer(whole.subarray(0, cut))).toBeUndefined();
    expect(readAnswer(whole)?.status).toBe(201);
  });

  test('without a length are refused: the next answer could not be found', () => {
    expect(() => readAnswer(Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0'))).toThrow('length');
  });

  test('say the number of a payment only when it is done for good', () => {
    const numberIn = (body: string) => completedNumber(readAnswer(answer(201, body)) ?? fail());
    expect(numberIn(BODY)).toBe('26112243215007310042');
    expect(numberIn(BODY.replace('completed', 'paid'))).toBeUndefined();
    expect(numberIn(BODY.replace('"final":true', '"final":false'))).toBeUndefined();
  });
});

function fail(): never {
  throw new Error('no answer was read');
}
