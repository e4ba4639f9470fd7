import { newEd25519, verifyingKey, verifyResponse, type ResponseMessage } from '@yidian/security';
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createGateway } from '../src/app';
import { openDoors, signatureOf, type Doors } from './doors';
import { freePort } from './services';

let doors: Doors;
beforeAll(async () => (doors = await openDoors()));
afterAll(() => doors.close());

/** An answer with the request it belongs to, as a partner's own client keeps them. */
async function asked(url: string): Promise<ResponseMessage> {
  const call = { method: 'GET', path: '/v1/payments?limit=1' };
  const headers = signatureOf(url, doors.keys.test_bank, call);
  const answer = await fetch(url + call.path, { headers });
  const request = { method: call.method, url: url + call.path, headers };
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text(), request };
}

async function published(url: string) {
  const { keys } = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as { keys: JsonWebKey[] };
  const known = keys.map((jwk) => {
    const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
    return verifyingKey(String(jwk['kid']), 'ed25519', pem);
  });
  return {
    ids: keys.map((jwk) => jwk['kid']),
    text: JSON.stringify(keys),
    find: (id: string) => known.find(({ keyId }) => keyId === id),
  };
}

test('when our key changes, the one before and the next stay published: an answer signed before still verifies', async () => {
  const old = await asked(doors.url);
  expect((await published(doors.url)).ids).toEqual(['yidian_test']);

  const secrets = JSON.parse(readFileSync(doors.config.SECRETS_FILE, 'utf8')) as {
    signingKey: { keyId: string; privateKeyPem: string };
  };
  const publicHalf = createPublicKey(secrets.signingKey.privateKeyPem).export({ type: 'spki', format: 'pem' });
  const [current, next] = [newEd25519(), newEd25519()];
  const file = `${doors.config.SECRETS_FILE}.2`;
  const changed = {
    ...secrets,
    signingKey: { keyId: 'yidian_2', privateKeyPem: current.privateKeyPem },
    otherSigningKeys: [
      { keyId: 'yidian_3', publicKeyPem: next.publicKeyPem },
      { keyId: secrets.signingKey.keyId, publicKeyPem: publicHalf.toString() },
    ],
  };
  writeFileSync(file, JSON.stringify(changed), { mode: 0o600 });
  const [http, rpc] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${http}`;
  const app = await createGateway({
    ...doors.config,
    HTTP_PORT: http,
    RPC_PORT: rpc,
    PUBLIC_URL: url,
    SECRETS_FILE: file,
  });
  await app.listen(http, '127.0.0.1');
  try {
    const keys = await published(url);
    expect(keys.ids).toEqual(['yidian_2', 'yidian_3', 'yidian_test']);
    expect(keys.text).not.toContain('"d"');
    await expect(verifyResponse(old, keys.find)).resolves.toMatchObject({ keyId: 'yidian_test' });
    await expect(verifyResponse(await asked(url), keys.find)).resolves.toMatchObject({ keyId: 'yidian_2' });
    await expect(verifyResponse({ ...old, body: '{}' }, keys.find)).rejects.toThrow();
  } finally {
    await app.close();
  }
});
