import {
  assertSigned,
  fieldText,
  SignatureError,
  verifyRequest,
  verifyResponse,
  type Message,
  type VerifyingKey,
} from '@yidian/security';
import { partnerKeys } from './partner-keys';
import type { Report, SignatureReport } from './report';
import { claimsOf, inTime, type LooseClaim } from './signature-claims';

/**
 * Judges a partner's request, or an answer (RFC 9421). The verdict is that of its signatures: each of a key we know must verify, in time,
 * with the digest of the body. Our door demands more (method, target and digest covered, a nonce); what it says is told
 * beside it, and decides where `doorDecides`.
 */
export async function verifyPartner(
  given: unknown,
  message: Message,
  now: Date,
  doorDecides: boolean,
): Promise<Report> {
  const keys = partnerKeys(given);
  const find = (keyId: string) => {
    const key = keys.find((one) => one.keyId === keyId);
    if (key && 'foreign' in key)
      throw new SignatureError('signature_invalid', `${key.foreign} is not an algorithm we accept`);
    return key;
  };
  const door = await atTheDoor(message, find, now);
  const signatures = judged(message, find, now);
  const verdict = doorDecides ? { ...door, verified: door.admitted } : ofAll(signatures);
  const { verified, fault, detail } = verdict;
  return { provider: 'partner', verified, fault, detail, now: now.toISOString(), signatures, door };
}

type Find = (keyId: string) => VerifyingKey | undefined;

/** Requests come to our door; an answer is judged as one to a request of ours is. */
async function atTheDoor(message: Message, find: Find, now: Date): Promise<NonNullable<Report['door']>> {
  const options = { now: now.getTime() };
  try {
    await ('status' in message ? verifyResponse(message, find, options) : verifyRequest(message, find, options));
    return { admitted: true, fault: '', detail: '' };
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    return { admitted: false, fault: error.fault, detail: error.message };
  }
}

function judged(message: Message, find: Find, now: Date): SignatureReport[] {
  try {
    return claimsOf(message).map((claim) => judge(asSigned(message), claim, find, now));
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    return [{ label: '', key_id: '', verified: false, fault: error.fault, detail: error.message }];
  }
}

/** A body without a digest is nothing that a signature speaks of: the door refuses it, the signature may hold all the same. */
function asSigned(message: Message): Message {
  return fieldText(message.headers, 'content-digest') === undefined ? { ...message, body: undefined } : message;
}

function judge(message: Message, claim: LooseClaim, find: Find, now: Date): SignatureReport {
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
