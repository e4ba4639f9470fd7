import { Global, Module } from '@nestjs/common';
import { BlockList } from './block-list';
import { BlocksStore } from './blocks.store';
import { ChangeBlocks } from './change-blocks';
import { DecideReview } from './decide-review';
import { DecisionsStore } from './decisions.store';
import { ExplainRefusal } from './explain-refusal';
import { JudgePayment } from './judge-payment';
import { NumberDecisions } from './number-decisions';
import { PartnerPace } from './partner-pace';
import { ReviewsStore } from './reviews.store';

const OPEN = [
  ExplainRefusal,
  BlocksStore,
  DecisionsStore,
  JudgePayment,
  ChangeBlocks,
  ReviewsStore,
  DecideReview,
  NumberDecisions,
];

/** What may not be paid, and who looks at it. */
@Global()
@Module({ providers: [BlockList, PartnerPace, ...OPEN], exports: OPEN })
export class RiskModule {}
