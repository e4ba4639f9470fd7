import type { AdjustmentsRpc } from './adjustments';
import type * as billing from './billing';
import type * as bills from './bills';
import type * as books from './books';
import type * as bss from './bss';
import type { ItemsReply } from './common';
import type { ComparisonsRpc } from './comparisons';
import type * as credits from './credits';
import type { ExposureRpc } from './exposure';
import type * as gateway from './gateway';
import type { HandMovesRpc } from './hand-moves';
import type * as ledger from './ledger';
import type * as matched from './matched-items';
import type * as numbering from './numbering';
import type * as policies from './policies';
import type * as promotions from './promotions';
import type { ReconDeskRpc } from './recon-desk';
import type * as reconciliation from './reconciliation';
import type * as statementFiles from './statement-files';
import type * as settlement from './settlement';
import type { TermsRpc } from './terms';
import type { TreasuryRpc } from './treasury';
import type { z } from 'zod';

/** Every call between services: pattern → request as sent, reply. The pattern's owner is the key of the outer map. */
export interface Rpc {
  gateway: BooksRpc &
    ComparisonsRpc &
    ExposureRpc & {
      'payments.resolve': [z.input<typeof gateway.paymentsResolve>, ItemsReply<gateway.ResolveAnswer>];
      'payments.get': [z.input<typeof gateway.paymentsGet>, { payments: gateway.PaymentBrief[] }];
      'providers.list': [object, { providers: gateway.ProviderInfo[] }];
      'statements.fetch': [z.input<typeof gateway.statementsFetch>, gateway.StatementReply];
    };
  billing: BooksRpc & {
    'numbers.lookup': [z.input<typeof billing.numbersLookup>, ItemsReply<billing.NumberAnswer>];
    'topups.post': [z.input<typeof billing.topupsPost>, ItemsReply<billing.TopupAnswer>];
    'topups.query': [z.input<typeof billing.topupsByKey>, ItemsReply<billing.TopupAnswer>];
    'topups.void': [z.input<typeof billing.topupsVoid>, ItemsReply<billing.TopupAnswer>];
    'holds.place': [z.input<typeof billing.holdsPlace>, ItemsReply<billing.HoldAnswer>];
    'holds.resolve': [z.input<typeof billing.holdsResolve>, ItemsReply<billing.HoldAnswer>];
    'credits.reverse': [z.input<typeof billing.creditsReverse>, ItemsReply<billing.KeyAnswer>];
    'settled.post': [z.input<typeof billing.settledPost>, ItemsReply<billing.KeyAnswer>];
    'credits.writeOff': [z.input<typeof credits.creditsWriteOff>, ItemsReply<billing.KeyAnswer>];
    'credits.giveBack': [z.input<typeof credits.creditsGiveBack>, ItemsReply<billing.KeyAnswer>];
    'credits.move': [z.input<typeof credits.creditsMove>, ItemsReply<billing.KeyAnswer>];
    'credits.payees': [z.input<typeof credits.creditsPayees>, ItemsReply<credits.PayeeAnswer>];
    'bills.issue': [z.input<typeof bills.billsIssue>, ItemsReply<billing.KeyAnswer>];
    'bills.list': [z.input<typeof bills.billsList>, bills.BillsReply];
    'invoices.mark': [z.input<typeof bills.invoicesMark>, ItemsReply<billing.KeyAnswer>];
    'policies.propose': [z.input<typeof policies.policiesPropose>, policies.PolicyDecision];
    'policies.decide': [z.input<typeof policies.policiesDecide>, policies.PolicyDecision];
    'policies.list': [z.input<typeof policies.policiesList>, { policies: policies.PolicyView[] }];
    /** Null: no such branch. */
    'policies.in_force': [z.input<typeof policies.policiesInForce>, policies.PolicyInForce | null];
    'bss.credit_file': [z.input<typeof bss.bssCreditFile>, bss.CreditFileReply];
    'bss.branches': [object, bss.BssBranchesReply];
    'bss.compare_numbers': [z.input<typeof bss.bssCompareNumbers>, bss.NumbersCompared];
    'bss.orders': [z.input<typeof bss.bssOrders>, { orders: bss.BssOrderView[] }];
    'bss.requery': [z.input<typeof bss.bssRequery>, bss.BssOrderView];
    'branches.list': [object, { branches: billing.BranchInfo[] }];
    'branches.setStatus': [z.input<typeof billing.branchesSetStatus>, billing.BranchInfo];
    'subscribers.register': [
      z.input<typeof billing.subscribersRegister>,
      ItemsReply<{ msisdn: string; subscriberId: string }>,
    ];
    'subscribers.change': [z.input<typeof numbering.subscribersChange>, numbering.ChangeAnswer];
    'subscriber_events.pull': [z.input<typeof numbering.subscriberEventsPull>, { events: numbering.SubscriberEvent[] }];
    'numbers.owner_at': [z.input<typeof numbering.numbersOwnerAt>, ItemsReply<numbering.OwnerAtAnswer>];
    'numbering.begin': [z.input<typeof numbering.numberingBegin>, numbering.NumberingVersion];
    'numbering.rows': [z.input<typeof numbering.numberingRows>, numbering.NumberingVersion];
    'numbering.apply': [z.input<typeof numbering.numberingApply>, numbering.NumberingVersion];
    'numbering.versions': [z.input<typeof numbering.numberingVersions>, { versions: numbering.NumberingVersion[] }];
    'ledger.verify': [z.input<typeof ledger.ledgerVerify>, billing.VerifyReply];
    'ledger.branches': [object, billing.BranchLedgerReply];
    'ledger.openItems': [z.input<typeof ledger.ledgerOpenItems>, ledger.OpenItemsReply];
    'settled.items': [z.input<typeof ledger.settledItems>, { replay: boolean }];
    'promotions.pull': [z.input<typeof promotions.promotionsPull>, promotions.PromotionsReply];
  };
  reconciliation: ReconDeskRpc & {
    'night.run': [z.input<typeof reconciliation.nightRun>, reconciliation.NightStatusReply];
    'night.status': [z.input<typeof reconciliation.nightStatus>, reconciliation.NightStatusReply];
    'days.list': [z.input<typeof reconciliation.daysList>, reconciliation.DaysReply];
    'breaks.list': [z.input<typeof reconciliation.breaksList>, reconciliation.BreaksReply];
    'breaks.get': [z.input<typeof reconciliation.breaksGet>, { break: reconciliation.BreakView | null }];
    'breaks.propose': [z.input<typeof reconciliation.breaksPropose>, { items: reconciliation.BreakDecision[] }];
    'breaks.decide': [z.input<typeof reconciliation.breaksDecide>, { items: reconciliation.BreakDecision[] }];
    'runs.get': [z.input<typeof reconciliation.runGet>, { run: reconciliation.RunView | null }];
    'items.page': [z.input<typeof matched.itemsPage>, matched.ItemsPageReply];
    'items.of_payments': [z.input<typeof matched.itemsOfPayments>, { items: matched.MatchedItem[] }];
    'matched.segments': [z.input<typeof matched.matchedSegments>, { set: matched.MatchedSegments | null }];
    'lines.of_payments': [z.input<typeof reconciliation.linesOfPayments>, { lines: reconciliation.PaymentLine[] }];
    'statements.upload': [z.input<typeof statementFiles.statementsUpload>, statementFiles.UploadReply];
    'statements.list': [z.input<typeof statementFiles.statementsList>, statementFiles.StatementsReply];
    'statements.items': [z.input<typeof statementFiles.statementsItems>, statementFiles.StatementItemsReply];
    'day.signOff': [z.input<typeof reconciliation.daySignOff>, reconciliation.SignOffReply];
    'report.files': [z.input<typeof reconciliation.reportFiles>, reconciliation.ReportFilesReply];
  };
  settlement: AdjustmentsRpc &
    HandMovesRpc &
    TermsRpc &
    TreasuryRpc & {
      'fees.quote': [z.input<typeof settlement.feesQuote>, ItemsReply<settlement.FeeQuote>];
      'provider_days.settle': [z.input<typeof settlement.settleProviderDay>, settlement.SettleReply];
      'resolutions.post': [z.input<typeof settlement.resolutionsPost>, ItemsReply<settlement.ResolutionPosted>];
      'positions.get': [z.input<typeof settlement.positionsGet>, settlement.PositionsReply];
      'statements.get': [z.input<typeof settlement.statementGet>, { statement: settlement.PartyStatement | null }];
      'ledger.verify': [z.input<typeof ledger.ledgerVerify>, billing.VerifyReply];
      'ledger.invariants': [object, settlement.InvariantsReply];
    };
}

interface BooksRpc {
  /** Closes (provider, date) or resumes the closing; answers `cutting` until every lane has acknowledged or is fenced. */
  'books.cut': [z.input<typeof books.booksCut>, books.CutReply];
  'books.vector': [z.input<typeof books.booksVector>, books.CutReply | null];
  'books.lanes': [z.input<typeof books.booksLanes>, books.LanesReply];
  'books.pull': [z.input<typeof books.booksPull>, books.PullReply];
  'books.totals': [z.input<typeof books.booksTotals>, books.TotalsReply];
  'books.openDate': [z.input<typeof books.booksOpenDate>, books.OpenDateReply];
}

export type Service = keyof Rpc;
export type Pattern<S extends Service> = keyof Rpc[S] & string;
export type RequestOf<S extends Service, P extends Pattern<S>> = Rpc[S][P] extends [infer Q, unknown] ? Q : never;
export type ReplyOf<S extends Service, P extends Pattern<S>> = Rpc[S][P] extends [unknown, infer A] ? A : never;
