import type { CallbackFault } from '../contract';
import { certificatesOf, inTime, isIssuedBy, readCertificate, type Certificate } from './certificates';

/**
 * Whose signing certificates are UnionPay's: messages bring their certificate along, so everything hangs on this. It must
 * lead to one of our roots, be in its dates with every certificate between, and bear UnionPay's name (or a listed number).
 */
export interface TrustSettings {
  rootCertificatesPem: readonly string[];
  intermediateCertificatesPem: readonly string[];
  /** Signing certificates taken at their word, without a chain. */
  signingCertificatesPem: readonly string[];
  expectedNames: readonly string[];
  /** Decimal serial numbers; when there are any, no other certificate counts. */
  certIds: readonly string[];
}

export type Trusted =
  { trusted: true; certificate: Certificate } | { trusted: false; fault: CallbackFault; detail: string };

const MAX_KEPT = 64;
const MAX_DEPTH = 5;
const MAX_PEM = 16_384;

export class Trust {
  private readonly roots: Certificate[];
  private readonly between: Certificate[];
  private readonly pinned: Certificate[];
  private readonly names: ReadonlySet<string>;
  private readonly certIds: ReadonlySet<string>;
  /** Reading a certificate and its chain costs more than a signature; the same one comes with every message. */
  private readonly kept = new Map<string, { certificate: Certificate; chains: readonly Certificate[][] }>();

  /** @throws Error when a configured certificate cannot be read */
  constructor(settings: TrustSettings) {
    this.roots = certificatesOf(settings.rootCertificatesPem);
    this.between = certificatesOf(settings.intermediateCertificatesPem);
    this.pinned = certificatesOf(settings.signingCertificatesPem);
    this.names = new Set(settings.expectedNames);
    this.certIds = new Set(settings.certIds);
  }

  judge(pem: string, now: Date): Trusted {
    const known = this.read(pem);
    if (!known) return refused('malformed', 'signPubKeyCert is no certificate');
    const { certificate, chains } = known;
    if (this.roots.length + this.pinned.length === 0) return refused('key_unknown', 'no certificate is trusted here');
    if (chains.length === 0) return refused('certificate_untrusted', 'the certificate does not lead to a trusted root');
    if (!chains.some((chain) => chain.every((one) => inTime(one, now))))
      return refused('certificate_untrusted', 'a certificate of the chain is out of its dates');
    if (this.certIds.size > 0 && !this.certIds.has(certificate.certId))
      return refused('key_unknown', 'the number of the certificate is not listed');
    if (this.certIds.size === 0 && !this.isNamed(certificate))
      return refused('certificate_untrusted', 'the certificate is somebody else’s');
    return { trusted: true, certificate };
  }

  /** `041@…@中国银联股份有限公司@…`: the name is the third part. */
  private isNamed({ names }: Certificate): boolean {
    const [name, ...more] = names;
    return name !== undefined && more.length === 0 && this.names.has(name.split('@')[2] ?? name);
  }

  private read(pem: string): { certificate: Certificate; chains: readonly Certificate[][] } | null {
    const kept = this.kept.get(pem);
    if (kept) return kept;
    try {
      if (pem.length > MAX_PEM) return null;
      const certificate = readCertificate(pem);
      const known = { certificate, chains: this.chainsOf(certificate) };
      if (this.kept.size >= MAX_KEPT) this.kept.delete(this.kept.keys().next().value ?? '');
      this.kept.set(pem, known);
      return known;
    } catch {
      return null;
    }
  }

  /** Every way from the certificate to something that we trust; dates are looked at each time. */
  private chainsOf(leaf: Certificate): Certificate[][] {
    if (this.pinned.some((one) => same(one, leaf))) return [[leaf]];
    const chains: Certificate[][] = [];
    const walk = (chain: Certificate[], last: Certificate): void => {
      for (const root of this.roots) if (isIssuedBy(last, root)) chains.push([...chain, root]);
      if (chain.length >= MAX_DEPTH) return;
      for (const next of this.between)
        if (!chain.some((one) => same(one, next)) && isIssuedBy(last, next)) walk([...chain, next], next);
    };
    walk([leaf], leaf);
    return chains;
  }
}

const same = (one: Certificate, other: Certificate): boolean => one.x509.raw.equals(other.x509.raw);
const refused = (fault: CallbackFault, detail: string): Trusted => ({ trusted: false, fault, detail });
