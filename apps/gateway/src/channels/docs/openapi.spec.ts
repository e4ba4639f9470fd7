import { controllersOf, describeApi, routesOf } from '@yidian/http';
import { GatewayModule } from '../../gateway.module';
import { API_INFO } from './api-info';
import { errorsHtml, errorsMarkdown } from './error-pages';

const routes = routesOf(controllersOf(GatewayModule));
const document = describeApi(routes, API_INFO);
const text = JSON.stringify(document);

test('it is OpenAPI 3.1 and every reference leads somewhere', () => {
  expect(document['openapi']).toBe('3.1.0');
  const schemas = (document['components'] as { schemas: Record<string, unknown> }).schemas;
  for (const [, name = ''] of text.matchAll(/#\/components\/schemas\/([^"]+)"/g))
    expect(schemas).toHaveProperty([name]);
  expect(text).not.toContain('$defs');
});

test('operation ids and addresses are unique, names are snake_case', () => {
  const ids = routes.map(({ spec }) => spec.id);
  expect(new Set(ids).size).toBe(ids.length);
  const addresses = routes.map(({ method, path }) => `${method} ${path}`);
  expect(new Set(addresses).size).toBe(addresses.length);
  for (const { path } of routes.filter((one) => one.path.startsWith('/v1/'))) {
    expect(path).toMatch(/^\/v1(\/[a-z0-9_]+|\/\{[a-z]+\})+$/);
  }
});

test('a route that takes a number takes it in the body', () => {
  for (const { spec } of routes) {
    const shape = (spec.query as { shape?: object } | undefined)?.shape ?? {};
    const params = (spec.params as { shape?: object } | undefined)?.shape ?? {};
    expect(Object.keys({ ...shape, ...params })).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/number|msisdn|phone/)]),
    );
  }
});

test('the book of errors names every code once, in both languages, with an example', () => {
  for (const page of [errorsMarkdown(), errorsHtml()]) {
    expect(page).toContain('signature_invalid');
    expect(page).toContain('签名不对');
    expect(page).toContain('urn:yidian:request:');
  }
  expect(errorsHtml()).not.toMatch(/<script|onclick|javascript:/);
});
