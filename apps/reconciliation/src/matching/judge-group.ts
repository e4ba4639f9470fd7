import { creditParts, paymentParts, refundParts } from './bridge-parts';
import { openCase, type CaseOptions } from './case';
import type { Group } from './group';
import { GroupPaper } from './group-paper';
import { judgePayment } from './judge-payment';
import { judgeRefunds } from './judge-refunds';
import type { Judgement } from './result';

/** Judges everything that any side says about one payment at once: duplicates and returns need all its lines together. */
export function judgeGroup(group: Group, options: CaseOptions): Judgement {
  const open = openCase(group, options);
  const paper = new GroupPaper(open);
  judgePayment(open, paper);
  judgeRefunds(open, paper);
  paymentParts(open, paper);
  refundParts(open, paper);
  creditParts(open, paper);
  return paper.judgement();
}
