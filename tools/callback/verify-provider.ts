import type { Callbacks, ConnectorDefinition, RawCallback, Surroundings } from '@yidian/connectors/contract';
import { CONNECTORS } from '@yidian/connectors/registry.gen';
import { newEd25519, signingKey } from '@yidian/security';
import { z } from 'zod';
import { Unusable } from './options';
import { issueOf } from './read-request';
import { eventJson, type Report } from './report';

/** Judges a callback by the very code of the gateway's door, opened from the given keys. */
export async function verifyProvider(name: string, keys: unknown, request: RawCallback, now: Date): Promise<Report> {
  const definition = CONNECTORS.find((one) => one.name === name);
  if (!definition) {
    const known = CONNECTORS.map((one) => one.name).join(', ');
    throw new Unusable(`There is no provider ${name}; there are ${known} and partner.`);
  }
  const { callbacks, close } = opened(definition, keys, around(name, request, now));
  try {
    const head = { provider: name, now: now.toISOString() };
    const verdict = await callbacks.verify(request);
    if (!verdict.verified) return { ...head, verified: false, fault: verdict.fault, detail: verdict.detail };
    return { ...head, verified: true, fault: '', detail: '', ...told(callbacks, request.body) };
  } finally {
    await close();
  }
}

/** What a body says is shown only once it is proven. */
function told(callbacks: Callbacks, body: Buffer): Pick<Report, 'event_id' | 'event'> {
  const eventId = callbacks.eventId(body);
  if (eventId === null) return { event_id: null, event: null };
  try {
    const event = callbacks.read(body);
    return { event_id: eventId, event: event && eventJson(event) };
  } catch (error) {
    return { event_id: eventId, event: { unreadable: error instanceof Error ? error.message : String(error) } };
  }
}

function opened(
  definition: ConnectorDefinition,
  keys: unknown,
  surroundings: Surroundings,
): { callbacks: Callbacks; close: () => Promise<void> } {
  try {
    if (definition.openCallbacks)
      return { callbacks: definition.openCallbacks(keys, surroundings), close: () => Promise.resolve() };
    const connector = definition.open(definition.settings.parse(keys), surroundings);
    return { callbacks: connector.callbacks, close: () => connector.close() };
  } catch (error) {
    const why = error instanceof z.ZodError ? issueOf(error) : error instanceof Error ? error.message : String(error);
    throw new Unusable(`The keys do not fit ${definition.name}: ${why}`);
  }
}

/** Nothing is sent: the key that would sign our own requests is one of the moment. */
function around(provider: string, { targetUri }: RawCallback, now: Date): Surroundings {
  return {
    provider,
    callbackUrl: targetUri.split('?', 1)[0] ?? targetUri,
    ourKey: signingKey('cli', 'ed25519', newEd25519().privateKeyPem),
    now: () => now,
  };
}
