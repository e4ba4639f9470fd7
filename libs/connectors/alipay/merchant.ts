import { createPrivateKey, type KeyObject } from 'node:crypto';
import { AlipaySdk } from 'alipay-sdk';
import { NotSent } from '../contract';
import type { AlipaySettings } from './settings';
import { beijingTime } from './words';

/** A call before it is signed; `biz` goes as it stands, names and all. */
export interface Call {
  method: string;
  biz: object;
  notifyUrl?: string;
  returnUrl?: string;
}

/** Who we are at Alipay, and our signature. */
export class Merchant {
  private readonly sdk: AlipaySdk;

  /** @throws Error naming the setting that is missing or does not fit */
  constructor(settings: AlipaySettings & { appId: string; appPrivateKey: string }) {
    const key = privateKey(settings.appPrivateKey);
    this.sdk = new AlipaySdk({
      appId: settings.appId,
      privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      keyType: 'PKCS8',
      signType: 'RSA2',
      ...certificates(settings),
    });
  }

  /** All parameters and the signature, encoded: a query, a form body and what the kit in an app takes are the same text. */
  signed({ method, biz, notifyUrl, returnUrl }: Call, now: Date): string {
    return this.sdk.sdkExecute(
      method,
      {
        format: 'JSON',
        // The kit would take this machine's own time zone; Alipay's is Beijing.
        timestamp: beijingTime(now),
        ...(notifyUrl ? { notify_url: notifyUrl } : {}),
        ...(returnUrl ? { return_url: returnUrl } : {}),
        bizContent: biz,
      },
      { bizContentAutoSnakeCase: false },
    );
  }
}

/**
 * @returns null when the settings only verify notifications
 * @throws Error naming the setting that is missing or does not fit
 */
export function merchantOf(settings: AlipaySettings): Merchant | null {
  const { appId, appPrivateKey } = settings;
  if (appPrivateKey === undefined) return null;
  if (appId === undefined) throw new Error('appId is missing');
  return new Merchant({ ...settings, appId, appPrivateKey });
}

/** @throws NotSent when the settings only verify notifications: nothing can have left */
export function required<T>(value: T | null): T {
  if (value === null) throw new NotSent('Alipay is set up without appPrivateKey');
  return value;
}

function privateKey(text: string): KeyObject {
  const key = parsed(text);
  if (key?.asymmetricKeyType !== 'rsa') throw new Error('appPrivateKey is no RSA private key');
  return key;
}

/** Alipay's own tool hands out the bare base64 text, of either form. */
function parsed(text: string): KeyObject | null {
  const der = Buffer.from(text.replace(/\s/g, ''), 'base64');
  const forms = text.includes('-----')
    ? [() => createPrivateKey(text)]
    : (['pkcs8', 'pkcs1'] as const).map((type) => () => createPrivateKey({ key: der, format: 'der', type }));
  for (const form of forms) {
    try {
      return form();
    } catch {
      continue; // not in this form
    }
  }
  return null;
}

/** The kit names both certificates in each request; Alipay's own one it asks for is not used for verifying here. */
function certificates(settings: AlipaySettings): object {
  const { appCertificatePem, alipayRootCertificatePem } = settings;
  if (appCertificatePem === undefined) return {};
  if (alipayRootCertificatePem === undefined) throw new Error('alipayRootCertificatePem is missing');
  return {
    appCertContent: appCertificatePem,
    alipayRootCertContent: alipayRootCertificatePem,
    alipayPublicCertContent: appCertificatePem,
  };
}
