import { newEd25519, signingKey } from '@yidian/security';
import { PlayedSftp, sshKey } from '@yidian/testing/played-sftp';
import { Readable } from 'node:stream';
import { balanceText, camt053Text, entryText, statementText, transaction } from '../iso20022/played-camt';
import { whole } from '../contract/played-file';
import { definition, type BankDirect } from './index';

const ATTEMPT = '2611224321500731004201';
const pair = newEd25519();

test('a bank whose settings name files: its statement and agreements come from there, batches and payouts go there', async () => {
  const ourKey = sshKey();
  const server = await PlayedSftp.start('yidian', ourKey);
  const settings = definition.settings.parse({
    baseUrl: 'http://127.0.0.1:1',
    ourKeyId: 'k',
    theirKeys: [{ keyId: 'b', alg: 'ed25519', publicKeyPem: pair.publicKeyPem }],
    files: {
      sftp: {
        host: '127.0.0.1',
        port: server.port,
        username: 'yidian',
        privateKeyPem: ourKey,
        hostKeys: [server.fingerprint],
        folders: { fromBank: '/out', toBank: '/in' },
      },
      names: { statement: 'camt053_{date}.xml', agreements: 'agr_{date}.txt' },
      account: { name: 'Yidian', account: '622848' },
    },
  });
  const bank = definition.open(settings, {
    provider: 'bank_a',
    callbackUrl: 'https://gateway.example/callbacks/bank_a',
    ourKey: signingKey('k', 'ed25519', pair.privateKeyPem),
    now: () => new Date(),
  }) as BankDirect;
  const signal = AbortSignal.timeout(20_000);
  expect(bank.capabilities).toMatchObject({ debit: { batch: true }, payouts: true, agreement: { file: true } });
  const text = camt053Text(
    statementText(
      balanceText('OPBD', '0') + balanceText('CLBD', '50') + entryText({ amount: '50', details: transaction(ATTEMPT) }),
    ),
  );
  server.files.set('/out/camt053_2026-11-22.xml', Buffer.from(text));
  server.files.set('/out/agr_2026-11-22.txt', Buffer.from('H|YA1|bank_a|2026-11-22\nT|0|0\n'));
  const file = await whole(bank.fetchStatement('2026-11-22', signal));
  if (file.state !== 'ready') throw new Error(file.state);
  const format = definition.formats.find((one) => one.recognises(file.content, file));
  const numbers: string[] = [];
  const sink = {
    line: ({ ourNumber }: { ourNumber: string }) => void numbers.push(ourNumber),
    finding: () => undefined,
  };
  const totals = await format?.read(Readable.from([file.content]), sink, file);
  expect([format?.name, numbers, totals?.agrees]).toEqual(['camt.053', [ATTEMPT], true]);
  expect(await bank.fetchAgreementFile('2026-11-22', signal)).toMatchObject({ state: 'ready' });
  await bank.close();
  await server.close();
});
