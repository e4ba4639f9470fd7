import { z } from 'zod';
import type { Link } from './link';
import { certificateKey, inTime, PlatformKeys, type PlatformKey } from './platform-keys';
import { openSealed, sealedResource } from './sealed';
import { verifySignature } from './signature';

const certificateList = z.object({
  data: z.array(z.object({ serial_no: z.string(), encrypt_certificate: sealedResource })),
});

/** Nobody may make us ask more often than this by naming serials that do not exist. */
const PAUSE_MS = 60_000;

/**
 * Platform certificates as WeChat Pay hands them out. They are believed because only it and we hold the APIv3 key that seals
 * them, and because one of them (or a key known before) signed the list; the list's own bytes prove nothing.
 */
export class CertificateDownload {
  private asked = Number.NEGATIVE_INFINITY;
  private running: Promise<boolean> | undefined;

  constructor(
    private readonly keys: PlatformKeys,
    private readonly apiV3Keys: readonly string[],
    private readonly now: () => Date,
  ) {}

  /** @returns whether the serial is known now */
  async learn(link: Link, serial: string, signal: AbortSignal): Promise<boolean> {
    if (serial.startsWith('PUB_KEY_ID_')) return false;
    if (this.now().getTime() - this.asked >= PAUSE_MS) {
      this.asked = this.now().getTime();
      this.running = this.refresh(link, signal).finally(() => (this.running = undefined));
    }
    await this.running?.catch(() => false);
    return this.keys.find(serial) !== undefined;
  }

  /** @throws Error when no list came that WeChat Pay vouches for */
  async refresh(link: Link, signal: AbortSignal): Promise<boolean> {
    const answer = await link.getUnverified('/v3/certificates', signal);
    if (answer.status !== 200) throw new Error(`certificates: HTTP ${answer.status}`);
    const fresh = this.read(answer.body);
    const trusted = new PlatformKeys([...fresh, ...this.keys.all()]);
    const verdict = verifySignature(answer.headers, answer.body, trusted, this.now());
    if (!verdict.verified) throw new Error(`a list of certificates that is not WeChat Pay's: ${verdict.fault}`);
    for (const key of fresh) this.keys.add(key);
    return fresh.length > 0;
  }

  private read(body: Buffer): PlatformKey[] {
    const { data } = certificateList.parse(JSON.parse(body.toString('utf8')));
    return data.flatMap(({ serial_no, encrypt_certificate }) => {
      const pem = openSealed(encrypt_certificate, this.apiV3Keys);
      if (pem === null) throw new Error('a platform certificate does not open with our APIv3 key');
      const key = certificateKey(pem, serial_no);
      return inTime(key, this.now()) ? [key] : [];
    });
  }
}
