import { z } from 'zod';

const folder = z.string().regex(/^\/?[\w.-]+(\/[\w.-]+)*\/?$|^\/$|^\.$/);

const sftp = z.strictObject({
  host: z.string().min(1).describe('Name or address of the bank’s SFTP server'),
  port: z.number().int().min(1).max(65_535).default(22),
  username: z.string().min(1),
  privateKeyPem: z.string().min(1).describe('Our private key; belongs in the secrets file'),
  passphrase: z.string().optional().describe('Of the private key; belongs in the secrets file'),
  hostKeys: z
    .array(z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/))
    .min(1)
    .describe('Fingerprints of the server’s key as `ssh-keygen -lf` prints them; two while it changes'),
  folders: z
    .strictObject({
      fromBank: folder.default('from_bank'),
      toBank: folder.default('to_bank'),
      taken: z
        .union([z.literal(''), folder])
        .default('')
        .describe('Where the bank moves what it has taken'),
    })
    .prefault({}),
});

const https = z.strictObject({
  baseUrl: z.url({ protocol: /^https$/ }).describe('A file’s name is added to it'),
  authorization: z.string().default('').describe('Header of that name; belongs in the secrets file'),
  caPem: z.string().optional(),
  clientCertPem: z.string().optional(),
  clientKeyPem: z.string().optional().describe('Belongs in the secrets file'),
});

const NAME = /^[\w{}*.-]{1,120}$/;
const name = z.string().regex(NAME);

const account = z.strictObject({
  name: z.string().min(1).max(70).describe('Holder, as the bank knows it'),
  account: z.string().min(1).max(34),
  bic: z.union([z.literal(''), z.string().regex(/^[A-Z0-9]{8}([A-Z0-9]{3})?$/)]).default(''),
});

/** How files go between a bank and us; only what is configured is done by file. */
export const filesSettings = z
  .strictObject({
    sftp: sftp.optional(),
    https: https.optional(),
    /** Names of the bank's files; `{date}`, `{yyyymmdd}`, `{yymmdd}` stand for the date, `*` for what the bank chooses. */
    names: z
      .strictObject({
        statement: name.optional().describe('Absent: the statement comes over the line'),
        noStatement: name.optional().describe('A file with which the bank says that nothing happened that day'),
        agreements: name.optional().describe('The agreement file; absent: it comes over the line'),
        statusReports: name.default('pain002_*.xml'),
      })
      .prefault({}),
    /** Our account there: debits are collected to it, payouts paid from it. Absent: no order files. */
    account: account.optional(),
    creditorId: z.string().max(35).default('').describe('Under which mandates are given, where the bank asks for it'),
    debitVersion: z.enum(['02', '08']).default('02'),
    transferVersion: z.enum(['03', '09']).default('03'),
  })
  .refine(({ sftp, https }) => (sftp === undefined) !== (https === undefined), {
    path: ['sftp'],
    error: 'either sftp or https',
  });
export type FilesSettings = z.output<typeof filesSettings>;
