import { z } from 'zod';

const platformKeyText = z.strictObject({
  serial: z.string().max(80).optional().describe('PUB_KEY_ID_… of a public key; of a certificate it is read from it'),
  certificatePem: z.string().includes('CERTIFICATE').optional().describe('A platform certificate, PEM'),
  publicKeyPem: z.string().includes('PUBLIC KEY').optional().describe('A WeChat Pay public key, PEM'),
});

const apiV3Key = z.string().refine((key) => Buffer.byteLength(key) === 32, 'an APIv3 key has 32 bytes');

/** For verifying notifications `platformKeys` and `apiV3Key` are enough; whoever calls needs the merchant's members too. */
export const settings = z.strictObject({
  platformKeys: z
    .array(platformKeyText)
    .default([])
    .describe('Keys that WeChat Pay signs with; old and new together while they change'),
  apiV3Key: apiV3Key.optional().describe('Opens notifications and platform certificates: 32 characters'),
  formerApiV3Keys: z.array(apiV3Key).default([]).describe('Keys before it: notifications sealed with them still open'),
  baseUrl: z.url().default('https://api.mch.weixin.qq.com').describe('Paths are added to it'),
  mchid: z
    .string()
    .regex(/^\d{1,32}$/)
    .optional()
    .describe('Our merchant number'),
  appid: z.string().max(32).optional().describe('App or official account that orders are made for'),
  merchantSerial: z.string().max(80).optional().describe('Serial of our merchant API certificate'),
  merchantPrivateKeyPem: z.string().includes('PRIVATE KEY').optional().describe('Key of that certificate, PKCS#8 PEM'),
  downloadCertificates: z
    .boolean()
    .default(true)
    .describe('Ask /v3/certificates for platform certificates that are not known yet'),
  planId: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('Template of the deduction service that agreements are signed to'),
  scheduleDebits: z
    .boolean()
    .default(true)
    .describe('Book each deduction before it is applied for, as plans of the scheduled kind demand'),
  h5ClientIp: z.string().max(45).default('127.0.0.1').describe("Payer's address in H5 orders when the caller has none"),
  bill: z.enum(['trade', 'fundflow']).default('trade').describe('Which bill is the statement'),
});
export type WechatPaySettings = z.output<typeof settings>;
