import { z } from 'zod';

const pems = z.array(z.string().includes('BEGIN CERTIFICATE')).default([]);
const two = z.string().regex(/^\d{2}$/);
const six = z.string().regex(/^\d{6}$/);

/** Which product agreements are signed to; the numbers are UnionPay's transaction types, as the contract with it says. */
const agreement = z.strictObject({
  bizType: six.default('000501').describe('Product of agreements and of debits under them: 000501 代收'),
  signSubType: two.default('01').describe('Of 72 (sign)'),
  debitSubType: two.default('03').describe('Of 11 (debit under an agreement)'),
  endSubType: two.default('04').describe('Of 74 (end)'),
  querySubType: two.default('20').describe('Of 78 (state of an agreement)'),
  queryBizType: six.default('000000').describe('Product named when asking for the state of an agreement'),
});

/** For verifying notifications the certificates are enough; whoever calls needs the merchant's members too. */
export const settings = z.strictObject({
  rootCertificatesPem: pems.describe('Roots that UnionPay’s signing certificates lead to (acp_root), PEM'),
  intermediateCertificatesPem: pems.describe('Certificates between root and signing certificate (acp_middle), PEM'),
  signingCertificatesPem: pems.describe('Signing certificates of UnionPay that are trusted without a chain, PEM'),
  expectedNames: z
    .array(z.string().min(1))
    .default(['中国银联股份有限公司'])
    .describe('Owner in the signing certificate’s common name, its third part; the test system is 00040000:SIGN'),
  certIds: z
    .array(z.string().regex(/^\d{1,60}$/))
    .default([])
    .describe(
      'Serial numbers, decimal: when there are any, only these signing certificates count, whatever their name',
    ),
  signMethod: z.enum(['01', '21']).default('01').describe('In both directions: 01 RSA and SHA-256, 21 SM2 and SM3'),
  merId: z
    .string()
    .regex(/^[0-9A-Za-z]{15}$/)
    .optional()
    .describe('Our merchant number'),
  merchantPrivateKeyPem: z.string().includes('PRIVATE KEY').optional().describe('What we sign with, PKCS#8 PEM'),
  merchantCertificatePem: z
    .string()
    .includes('CERTIFICATE')
    .optional()
    .describe('Certificate of that key: our certId is its serial number'),
  sm2SignatureForm: z.enum(['raw', 'der']).default('raw').describe('How our SM2 signatures are written'),
  baseUrl: z.url().default('https://gateway.95516.com').describe('/gateway/api/… is added to it'),
  fileUrl: z.url().default('https://filedownload.95516.com/').describe('Where statement files are asked for'),
  accessType: z.enum(['0', '2']).default('0').describe('0 merchant, 2 platform'),
  queryBizType: six.default('000000').describe('Product named when asking about an order'),
  refundBizType: six.default('000000').describe('Product named when giving money back'),
  agreement: agreement.prefault({}),
});
export type UnionPaySettings = z.output<typeof settings>;
