import { z } from 'zod';

const alipayKeyText = z.strictObject({
  publicKey: z.string().min(1).optional().describe('Public key mode: 支付宝公钥, as PEM or as the bare base64 text'),
  certificatePem: z
    .string()
    .includes('CERTIFICATE')
    .optional()
    .describe('Certificate mode: 支付宝公钥证书 (alipayCertPublicKey_RSA2.crt), PEM; intermediates may follow it'),
});

/** For verifying notifications `alipayKeys` is enough; whoever calls needs `appId` and `appPrivateKey` too. */
export const settings = z.strictObject({
  alipayKeys: z
    .array(alipayKeyText)
    .default([])
    .describe('Keys that Alipay signs with, one text each; old and new together while they change'),
  alipayRootCertificatePem: z
    .string()
    .includes('CERTIFICATE')
    .optional()
    .describe('支付宝根证书 (alipayRootCert.crt), PEM: certificates of Alipay must come from it'),
  appId: z
    .string()
    .regex(/^\d{1,32}$/)
    .optional()
    .describe('Our app at Alipay; notifications of another app are refused'),
  sellerId: z
    .string()
    .regex(/^2088\d{12}$/)
    .optional()
    .describe('Our account number there (PID); notifications of another seller are refused'),
  appPrivateKey: z.string().min(1).optional().describe('应用私钥: PEM (PKCS#8 or PKCS#1) or the bare base64 text'),
  appCertificatePem: z
    .string()
    .includes('CERTIFICATE')
    .optional()
    .describe('Certificate mode: 应用公钥证书 of that key, PEM; needs alipayRootCertificatePem'),
  downloadCertificates: z
    .boolean()
    .default(true)
    .describe('Certificate mode: fetch a certificate that is not known yet; believed only when it comes from the root'),
  gateway: z.url().default('https://openapi.alipay.com/gateway.do').describe('Every call goes to this address'),
  redirectTo: z
    .enum(['page', 'wap'])
    .default('page')
    .describe('Cashier that browsers are sent to: of computers or of phones'),
  agreement: z
    .strictObject({
      productCode: z.string().max(64).default('GENERAL_WITHHOLDING').describe('Product of our contract (销售产品码)'),
      personalProductCode: z
        .string()
        .max(64)
        .default('GENERAL_WITHHOLDING_P')
        .describe('Product that payers sign (个人签约产品码)'),
      signScene: z
        .string()
        .max(64)
        .refine((scene) => scene !== 'DEFAULT|DEFAULT', 'with our own numbers the scene must not be the default one')
        .default('INDUSTRY|CARRIER')
        .describe('Scene agreed with Alipay (签约场景)'),
      channel: z
        .enum(['ALIPAYAPP', 'QRCODE', 'QRCODEORSMS'])
        .default('ALIPAYAPP')
        .describe('How payers reach the signing page'),
    })
    .prefault({})
    .describe('What agreements are signed to'),
  bill: z.enum(['trade', 'signcustomer']).default('trade').describe('Which bill is the statement'),
});
export type AlipaySettings = z.output<typeof settings>;
