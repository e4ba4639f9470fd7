import type { BankAgreement } from '@yidian/connectors/bank-direct';
import { compareOne, type OurAgreement } from './compare-agreements';

const theirs = (over: Partial<BankAgreement> = {}): BankAgreement => ({
  ...{ agreementNo: 'agr_1', agreementRef: 'AR1', state: 'active', accountTail: '8812' },
  ...{ bankName: '甲银行', signedOn: '2026-11-01', endedOn: '' },
  ...over,
});
const ours = (over: Partial<OurAgreement> = {}): OurAgreement => ({
  ...{ id: 'agr_1', number: 'agr_1', state: 'active', accountTail: '8812', ref: 'AR1' },
  ...over,
});
const ended = { state: 'ended', endedOn: '2026-11-20' } as const;

describe('each state here against each there', () => {
  test.each<[string, BankAgreement | undefined, OurAgreement | undefined, string | null, boolean]>([
    ['both stand', theirs(), ours(), null, false],
    ['both ended', theirs(ended), ours({ state: 'ended' }), null, false],
    ['only there', theirs(), undefined, 'only_there', false],
    ['ended there, never here', theirs(ended), undefined, null, false],
    ['only here', undefined, ours(), 'only_here', true],
    ['only here, resting already', undefined, ours({ state: 'frozen' }), 'only_here', true],
    ['ended here, never there', undefined, ours({ state: 'ended' }), null, false],
    ['not signed yet', undefined, ours({ state: 'pending', ref: '' }), null, false],
    ['ended there', theirs(ended), ours(), 'ended_one_side', true],
    ['ended here, stands there', theirs(), ours({ state: 'ended' }), 'ended_one_side', false],
    ['another account', theirs({ accountTail: '1111' }), ours(), 'other_account', true],
    ['another reference', theirs({ agreementRef: 'AR2' }), ours(), 'other_account', true],
    ['resting, and the same', theirs(), ours({ state: 'frozen' }), null, false],
  ])('%s', (_, there, here, kind, freeze) => {
    const found = compareOne(there, here);
    expect(found?.class ?? null).toBe(kind);
    expect(found?.freeze ?? false).toBe(freeze);
  });
});
