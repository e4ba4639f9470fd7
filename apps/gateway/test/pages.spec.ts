import request from 'supertest';
import { openDoors, type Doors } from './doors';

let doors: Doors;
beforeAll(async () => (doors = await openDoors()));
afterAll(() => doors.close());

describe('what anybody may read', () => {
  test('the API description is OpenAPI 3.1 and names every door', async () => {
    const answer = await request(doors.url).get('/openapi.json').expect(200);
    const { openapi, paths } = answer.body as { openapi: string; paths: Record<string, unknown> };
    expect(openapi).toMatch(/^3\.1\./);
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/v1/payments', '/v1/portal/me', '/v1/finance/breaks']));
  });

  test.each(['/docs', '/docs/errors'])(
    '%s comes without a script of its own inside and asks nobody else',
    async (path) => {
      const answer = await request(doors.url).get(path).expect(200).expect('content-type', /html/);
      expect(answer.headers['content-security-policy']).toMatch(/script-src 'self'(;|$)/);
      expect(answer.text).not.toMatch(/<script>|https:\/\/(?!www\.w3\.org)[^"]*\.js/);
    },
  );

  test('our public keys, and nothing of the private ones', async () => {
    const answer = await request(doors.url).get('/.well-known/jwks.json').expect(200);
    const { keys } = answer.body as { keys: Record<string, string>[] };
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(key).not.toHaveProperty('d');
  });

  test('an address that is not there says so in the language asked for, with a request id', async () => {
    const answer = await request(doors.url).get('/v1/nowhere').set('Accept-Language', 'zh-CN').expect(404);
    expect(answer.headers['content-type']).toMatch('application/problem+json');
    expect(answer.body).toMatchObject({ code: 'not_found', title: '没有找到', outcome: 'not_executed' });
    expect(answer.headers['request-id']).toBe((answer.body as { request_id: string }).request_id);
  });

  test('live and ready are apart', async () => {
    await request(doors.url).get('/health/live').expect(200);
    await request(doors.url).get('/health/ready').expect(200);
  });
});
