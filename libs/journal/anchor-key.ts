import { newEd25519, signBytes, signingKey, verifyBytes, verifyingKey } from '@yidian/security';
import { createHash, createPublicKey, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Signs anchors. The key lies with the service and never in its database: whoever can rewrite rows cannot sign, and whoever
 * holds the key cannot make an anchor that was handed out before say something else.
 */
export interface AnchorKey {
  keyId: string;
  publicKeyPem: string;
  sign(text: string): Buffer;
}

interface KeyFile {
  privateKeyPem: string;
}

/** Reads the key, made on the first start: the file is its owner's alone, the public half lies beside it for whoever checks. */
export async function openAnchorKey(path: string): Promise<AnchorKey> {
  const { privateKeyPem } = parse(path, (await readOrNull(path)) ?? (await create(path)));
  const publicKeyPem = createPublicKey(privateKeyPem).export({ type: 'spki', format: 'pem' }).toString();
  const keyId = anchorKeyId(publicKeyPem);
  const key = signingKey(keyId, 'ed25519', privateKeyPem);
  await writeFile(publicKeyPath(path), publicKeyPem);
  return { keyId, publicKeyPem, sign: (text) => signBytes(key, Buffer.from(text)) };
}

/** Named by its own fingerprint, so that a name cannot be given to another key. */
export function anchorKeyId(publicKeyPem: string): string {
  const der = createPublicKey(publicKeyPem).export({ type: 'spki', format: 'der' });
  return `anchor-${createHash('sha256').update(der).digest('hex').slice(0, 16)}`;
}

export const publicKeyPath = (path: string): string => path.replace(/(\.json)?$/, '.pub.pem');

/** False for anything that is not a signature of this text by this key. */
export function signedBy(publicKeyPem: string, text: string, signature: Buffer): boolean {
  try {
    return verifyBytes(verifyingKey(anchorKeyId(publicKeyPem), 'ed25519', publicKeyPem), Buffer.from(text), signature);
  } catch {
    return false; // no key at all
  }
}

/** Several processes may start at once: the name appears with its content or not at all, and the first one stays. */
async function create(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify({ privateKeyPem: newEd25519().privateKeyPem } satisfies KeyFile), {
    mode: 0o600,
  });
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
  return readFile(path, 'utf8');
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function parse(path: string, text: string): KeyFile {
  try {
    const { privateKeyPem } = JSON.parse(text) as Partial<KeyFile>;
    if (typeof privateKeyPem === 'string') return { privateKeyPem };
  } catch {
    throw new Error(`${path} is not JSON`);
  }
  throw new Error(`${path} lacks privateKeyPem`);
}
