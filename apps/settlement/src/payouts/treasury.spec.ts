import { ConfigError } from '@yidian/config';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settlementConfig } from '../settlement.config';
import { Treasury } from './treasury';

const config = (path?: string) =>
  settlementConfig.parse({
    ...{ MODE: 'test', DATABASE_URL: 'unused', RPC_PORT: '0', HTTP_PORT: '0', TREASURY_PROFILE: path },
    ...{ GATEWAY_RPC: 'h:1', BILLING_RPC: 'h:1', RECONCILIATION_RPC: 'h:1' },
  });

describe('the treasury profile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'treasury-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const given = (profile: unknown) => {
    const path = join(folder, 'profile.json');
    writeFileSync(path, typeof profile === 'string' ? profile : JSON.stringify(profile));
    return () => new Treasury(config(path));
  };

  test('the example is one, and its defaults are those of the page', () => {
    const treasury = new Treasury(config(join(__dirname, '..', '..', 'treasury.example.json')));
    expect(treasury.profile).toMatchObject({ payeeWaitHours: 24, disputeWorkingDays: 5 });
    expect(treasury.account('main').bic).toBe('BKCHCNBJXXX');
    expect(treasury.terms('demo_shop')).toMatchObject({ arrives: 'remittance', lagDays: 2, setOff: true });
    expect(() => treasury.account('other')).toThrow(/no account of ours/);
  });

  test('without a file nobody is paid and nothing is recognised', () => {
    const treasury = new Treasury(config());
    expect([treasury.profile.accounts, treasury.claimant(['BANK A SETTLEMENT'])]).toEqual([[], null]);
  });

  test('an entry that two contracts could claim is nobody’s', () => {
    const providers = ['bank_a', 'bank_b'].map((provider) => ({
      provider,
      arrives: 'payout',
      recognisedBy: ['SHARED', provider],
    }));
    const treasury = given({ providers })();
    expect(treasury.claimant(['x bank_b y'])?.provider).toBe('bank_b');
    expect(treasury.claimant(['SHARED'])).toBeNull();
    expect(treasury.claimant(['bank_a', 'bank_b'])).toBeNull();
  });

  test('a year of the installation counts', () => {
    const treasury = given({ calendar: [{ year: 2027, off: ['03-01..03-03'], makeUp: ['03-06'] }] })();
    expect(treasury.days.after('2027-02-26', 1)).toBe('2027-03-04');
  });

  test.each([
    ['no JSON', '{'],
    ['an account with a space', { accounts: [{ code: 'main', name: 'x', account: 'DE 02', bic: 'BKCHCNBJ' }] }],
    ['a way of arriving nobody knows', { providers: [{ provider: 'bank_a', arrives: 'pigeon' }] }],
    ['a negative wait', { payeeWaitHours: -1 }],
  ])('%s stops the start and is named by its variable', (_, profile) => {
    expect(given(profile)).toThrow(ConfigError);
    expect(given(profile)).toThrow(/TREASURY_PROFILE/);
  });
});
