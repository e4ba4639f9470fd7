import { allowed } from '../breaks/allowed-actions';
import type { Break } from '../breaks/break';
import { AGREEMENT_ROWS, agreementFindings } from './agreement-findings';

describe('agreements that do not agree', () => {
  test.each([
    ['only_there', null, 'A1', 'claim_provider'],
    ['only_here', 'agr_1', 'A2', 'requery'],
    ['ended_one_side', 'agr_1', 'A3', 'confirm_declined'],
    ['other_account', 'agr_1', 'A4', 'requery'],
  ] as const)('%s is row %s: at once, people only, first step %s', (cls, agreementId, row, suggested) => {
    const one = { id: 'a'.repeat(32), class: cls, agreementNo: 'B77', agreementId, branch: '420000', detail: 'so' };
    const [found] = agreementFindings('bank_a', [{ ...one, frozen: cls !== 'only_there' }]);
    expect(found).toMatchObject({ class: cls, row, suggested, wait: 0, auto: false, steps: [], atStake: 0n });
    const kept = { ...found, ref_no: found?.refNo } as unknown as Break;
    expect(allowed(kept, suggested)).toBe(true);
    expect(allowed(kept, 'requery')).toBe(agreementId !== null);
    expect(allowed(kept, 'credit')).toBe(false);
    expect(Object.keys(AGREEMENT_ROWS)).toHaveLength(4);
    expect(agreementFindings('bank_b', [{ ...one, frozen: false }])[0]?.id).not.toBe(found?.id);
  });
});
