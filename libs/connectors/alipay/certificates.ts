import { certificateKey, type AlipayKeys } from './alipay-keys';
import type { Link } from './link';
import { said } from './words';

/** Nobody may make us ask more often than this by naming certificates that do not exist. */
const PAUSE_MS = 60_000;

/**
 * A certificate of Alipay that a message names and nobody has, fetched by its number. What comes is believed because it comes
 * from the root in our settings, not because of how it came.
 */
export class CertificateDownload {
  private asked = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly keys: AlipayKeys,
    private readonly rootPem: string,
    private readonly now: () => Date,
  ) {}

  /** @returns whether the certificate is known now */
  async learn(link: Link, sn: string, signal: AbortSignal): Promise<boolean> {
    if (!/^[0-9a-f]{32}$/.test(sn) || this.now().getTime() - this.asked < PAUSE_MS) return false;
    this.asked = this.now().getTime();
    const call = { method: 'alipay.open.app.alipaycert.download', biz: { alipay_cert_sn: sn } };
    const { word } = await link.callUnverified(call, signal);
    const pem = Buffer.from(said(word, 'alipay_cert_content'), 'base64').toString('latin1');
    if (!pem.includes('CERTIFICATE')) return false;
    const key = certificateKey(pem, this.rootPem);
    if (key.sn !== sn || !key.trusted) return false;
    this.keys.add(key);
    return true;
  }
}
