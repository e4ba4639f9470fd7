import { SIGNATURE_ALGORITHMS, signingKey, verifyingKey } from '@yidian/security';
import { z } from 'zod';
import type { Capabilities, Connector, ConnectorDefinition, DebitBatches } from '../contract';
import { without } from '../contract';
import { checkAccount, confirmAccount, endAgreement, queryAgreement, startAgreement } from './agreements';
import { BankCallbacks } from './callbacks';
import { closeCashier, openCashier } from './cashiers';
import { debit, queryDebit } from './debits';
import { BankFiles } from './files/bank-files';
import { filesSettings } from './files/files-settings';
import { BANK_FORMATS } from './formats';
import { Link, type LinkOptions } from './link';
import { queryRefund, refund } from './refunds';
import { fetchAgreementFile, fetchStatement } from './statements';

export * from './agreement-file';
export * from './files/bank-files';
export * from './statement-format';

export const BANK_DIRECT_CAPABILITIES: Capabilities = {
  debit: { batch: false },
  cashier: { presentations: ['redirect', 'qr'] },
  query: true,
  close: true,
  refund: { partial: true, windowDays: 365, query: true },
  reverse: true,
  agreement: { query: true, unsign: true, file: true, check: true },
  statement: { formats: BANK_FORMATS.map(({ name }) => name) },
  payouts: false,
  callbacks: [
    'debit.succeeded',
    'debit.declined',
    'refund.succeeded',
    'refund.failed',
    'agreement.signed',
    'agreement.ended',
    'debit.returned',
  ],
};

/** A collecting partner takes the money itself: it is only asked to give back what it holds, and for its statement. */
export const COLLECTOR_CAPABILITIES: Capabilities = {
  ...BANK_DIRECT_CAPABILITIES,
  debit: null,
  cashier: null,
  query: false,
  close: false,
  agreement: null,
  callbacks: [],
};

export interface BankDirectOptions extends LinkOptions {
  provider: string;
  capabilities?: Capabilities;
  /** What goes as files; absent: nothing does. */
  files?: BankFiles;
}

/** A bank by line, and by files where it takes them. */
export interface BankDirect extends Connector {
  readonly files: BankFiles | null;
}

/** What files add: batches of debits, payouts. */
function withFiles(line: Capabilities, files: BankFiles | undefined): Capabilities {
  if (!files) return line;
  return {
    ...line,
    debit: line.debit && { batch: files.takesOrders },
    payouts: files.takesOrders,
  };
}

/** Our own direct interface to a bank: JSON over HTTP, signed by RFC 9421 in both directions. */
export function bankDirect(options: BankDirectOptions): BankDirect {
  const link = new Link(options);
  const { files } = options;
  return {
    ...without(options.provider),
    provider: options.provider,
    capabilities: withFiles(options.capabilities ?? BANK_DIRECT_CAPABILITIES, files),
    files: files ?? null,
    batches: files?.takesOrders ? batchesOf(files) : undefined,
    callbacks: new BankCallbacks(options.theirKeys),
    debit: (request, signal) => debit(link, request, signal),
    queryDebit: (order, signal) => queryDebit(link, order, signal),
    openCashier: (request, signal) => openCashier(link, request, signal),
    closeCashier: (order, signal) => closeCashier(link, order, signal),
    refund: (request, signal) => refund(link, request, signal),
    queryRefund: (request, signal) => queryRefund(link, request, signal),
    startAgreement: (request, signal) => startAgreement(link, request, signal),
    checkAccount: (request, signal) => checkAccount(link, request, signal),
    confirmAccount: (agreement, code, signal) => confirmAccount(link, agreement, code, signal),
    queryAgreement: (agreement, signal) => queryAgreement(link, agreement, signal),
    endAgreement: (agreement, signal) => endAgreement(link, agreement, signal),
    fetchStatement: (date, signal) =>
      files?.hasStatements ? files.statement(date, signal) : fetchStatement(link, date, signal),
    fetchAgreementFile: (date, signal) =>
      files?.hasAgreements ? files.agreements(date, signal) : fetchAgreementFile(link, date, signal),
    health: async (signal) => void (await link.get('/v1/health', signal)),
    close: async () => {
      await files?.close();
      await link.close();
    },
  };
}

const batchesOf = (files: BankFiles): DebitBatches => ({
  send: (batch, signal) => files.sendDebits(batch, signal),
  reports: (signal) => files.statusReports(signal),
  report: (name, signal) => files.statusReport(name, signal),
});

/** Keys the bank may sign with; two while it changes keys. */
const theirKeys = z
  .array(
    z.strictObject({
      keyId: z.string().min(1).max(64),
      alg: z.enum(SIGNATURE_ALGORITHMS),
      publicKeyPem: z.string().min(1),
    }),
  )
  .min(1);

const settings = z.strictObject({
  /** Such as `https://h2h.bank.example/yidian`; paths are added to it. */
  baseUrl: z.url(),
  /** Name under which the bank knows the key we sign with. */
  ourKeyId: z.string().min(1).max(64),
  /** Only for a key of this bank alone (PKCS#8 PEM); otherwise the platform's own key signs. */
  ourPrivateKeyPem: z.string().optional(),
  ourAlg: z.enum(SIGNATURE_ALGORITHMS).default('ed25519'),
  theirKeys,
  /** `partner`: collects by itself and is only asked for refunds and statements. */
  role: z.enum(['bank', 'partner']).default('bank'),
  /** Statements, agreements, batches and payouts as files; absent: the statement comes over the line. */
  files: filesSettings.optional(),
});

const keysOf = (given: z.output<typeof theirKeys>) =>
  given.map((key) => verifyingKey(key.keyId, key.alg, key.publicKeyPem));

export const definition: ConnectorDefinition<typeof settings> = {
  name: 'bank-direct',
  titleZh: '总对总直连',
  titleEn: 'Bank, directly',
  capabilities: {
    ...BANK_DIRECT_CAPABILITIES,
    debit: { batch: true },
    payouts: true,
    agreement: { query: true, unsign: true, file: true, check: true },
  },
  settings,
  profile: {},
  formats: BANK_FORMATS,
  open: (given, { provider, ourKey }) =>
    bankDirect({
      provider,
      baseUrl: given.baseUrl,
      ourKey: given.ourPrivateKeyPem
        ? signingKey(given.ourKeyId, given.ourAlg, given.ourPrivateKeyPem)
        : { ...ourKey, keyId: given.ourKeyId },
      theirKeys: keysOf(given.theirKeys),
      capabilities: given.role === 'bank' ? BANK_DIRECT_CAPABILITIES : COLLECTOR_CAPABILITIES,
      ...(given.files ? { files: new BankFiles(given.files) } : {}),
    }),
  openCallbacks: (keys, { now }) => new BankCallbacks(keysOf(z.object({ theirKeys }).parse(keys).theirKeys), now),
};
