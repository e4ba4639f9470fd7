import type { RawCallback } from '@yidian/connectors/contract';
import {
  assertSigned,
  SIGNATURE_ALGORITHMS,
  SignatureError,
  verifyingKey,
  verifyRequest,
  type RequestMessage,
  type VerifyingKey,
} from '@yidian/security';
import { z } from 'zod';
import { Unusable } from './options';
import { issueOf } from './read-request';
import type { Report, SignatureReport } from './report';
import { claimsOf, inTime, type LooseClaim } from './signature-claims';

const keyList = z
  .array(z.looseObject({ keyId: z.string().min(1), alg: z.enum(SIGNATURE_ALGORITHMS), material: z.string().min(1) }))
  .min(1);

/**
 * Judges a partner's request (RFC 9421). The verdict is that of its signatures: each of a key we know must verify, in time,
 * with the digest of the body. Our door demands more (method, target and digest covered, a nonce); what it says is told
 * beside it, and decides where `doorDecides`.
 */
export async function verifyPartner(
  given: unknown,
  request: RawCallback,
  now: Date,
  doorDecides: boolean,
): Promise<Report> {
  const keys = readKeys(given);
  const { method, targetUri: url, headers, body } = request;
  const message: RequestMessage = { method, url, headers, body: body.length > 0 ? body : undefined };
  const find = (keyId: string) => keys.find((key) => key.keyId === keyId);
  const door = await atTheDoor(message, find, now);
  const signatures = judged(message, find, now);
  const verdict = doorDecides ? { ...door, verified: door.admitted } : ofAll(signatures);
  const { verified, fault, detail } = verdict;
  return { provider: 'partner', verified, fault, detail, now: now.toISOString(), signatures, door };
}

function readKeys(given: unknown): VerifyingKey[] {
  const list = Array.isArray(given) ? given : (given as { keys?: unknown } | null)?.keys;
  const read = keyList.safeParse(list);
  if (!read.success) throw new Unusable(`The keys are no list of {keyId, alg, material}: ${issueOf(read.error)}`);
  return read.data.map(({ keyId, alg, material }) => {
    try {
      return verifyingKey(keyId, alg, material);
    } catch (error) {
      throw new Unusable(`The key ${keyId} cannot be used: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
}

type Find = (keyId: string) => VerifyingKey | undefined;

async function atTheDoor(message: RequestMessage, find: Find, now: Date): Promise<NonNullable<Report['door']>> {
  try {
    await verifyRequest(message, find, { now: now.getTime() });
    return { admitted: true, fault: '', detail: '' };
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    return { admitted: false, fault: error.fault, detail: error.message };
  }
}

function judged(message: RequestMessage, find: Find, now: Date): SignatureReport[] {
  try {
    return claimsOf(message).map((claim) => judge(message, claim, find, now));
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    return [{ label: '', key_id: '', verified: false, fault: error.fault, detail: error.message }];
  }
}

function judge(message: RequestMessage, claim: LooseClaim, find: Find, now: Date): SignatureReport {
  const head = { label: claim.label, key_id: claim.keyId };
  try {
    inTime(claim, now);
    assertSigned(message, claim, find(claim.keyId));
    return { ...head, verified: true, fault: '', detail: '' };
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    return { ...head, verified: false, fault: error.fault, detail: error.message };
  }
}

/** Signatures of keys we do not know are somebody else's business, such as a proxy's; ours must all hold. */
function ofAll(signatures: readonly SignatureReport[]): Pick<Report, 'verified' | 'fault' | 'detail'> {
  const known = signatures.filter(({ fault }) => fault !== 'key_unknown');
  const bad = known.find(({ verified }) => !verified) ?? (known.length === 0 ? signatures[0] : undefined);
  if (bad) return { verified: false, fault: bad.fault, detail: bad.detail };
  if (known.length === 0) return { verified: false, fault: 'signature_invalid', detail: 'no signature' };
  return { verified: true, fault: '', detail: '' };
}
