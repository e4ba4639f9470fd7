import type { BreakClass, Channel, ResolutionAction } from '@yidian/contracts';
import type { BreakState } from '../breaks/break.states';

/** What codes are called in files for people, by the same keys as on the pages (`web/kit/locales`): [zh, en]. */
export type Words = readonly [zh: string, en: string];

export const CLASSES: Readonly<Record<BreakClass, Words>> = {
  matched: ['一致', 'Matched'],
  uncredited: ['未入账', 'Uncredited'],
  credit_unknown: ['入账未知', 'Credit unknown'],
  credit_rejected: ['入账被拒', 'Credit rejected'],
  credit_undone: ['入账已撤', 'Credit undone'],
  late_success: ['迟到成功', 'Late success'],
  status_mismatch: ['状态不符', 'Status mismatch'],
  unsubmitted_success: ['未发先成', 'Unsubmitted success'],
  platform_missing: ['平台缺失(长款)', 'Missing here (long)'],
  gateway_missing: ['网关缺失', 'Gateway missing'],
  reversal_missing: ['冲正缺失', 'Reversal missing'],
  reversal_half: ['冲正一半', 'Half reversed'],
  credited_and_refunded: ['入账又退费', 'Credited and refunded'],
  provider_missing: ['银行缺失(短款)', 'Missing at the bank (short)'],
  gateway_only: ['仅网关有', 'Gateway only'],
  unknown_open: ['结果未知', 'Unknown, open'],
  unpaid_credit: ['无款入账', 'Unpaid credit'],
  orphan_credit_attempt: ['无主入账尝试', 'Orphan credit attempt'],
  unreversed_credit: ['入账未冲正', 'Unreversed credit'],
  currency_mismatch: ['币种不符', 'Currency mismatch'],
  amount_mismatch: ['金额不符', 'Amount mismatch'],
  branch_mismatch: ['分公司不符', 'Branch mismatch'],
  duplicate_payment: ['重复扣款', 'Duplicate payment'],
  duplicate_line: ['重复行', 'Duplicate line'],
  conflicting_line: ['矛盾行', 'Conflicting line'],
  fee_mismatch: ['手续费不符', 'Fee mismatch'],
  date_mismatch: ['日期不符', 'Date mismatch'],
  reference_mismatch: ['流水号不符', 'Reference mismatch'],
  unreadable_line: ['无法识别的行', 'Unreadable line'],
  control_total: ['合计不符', 'Control total'],
  late_refund: ['迟到退费', 'Late refund'],
  refund_status_mismatch: ['退费状态不符', 'Refund status mismatch'],
  refund_undebited: ['退费未扣减', 'Refund not debited'],
  provider_return: ['银行退回', 'Provider return'],
  over_refund: ['超额退费', 'Over-refund'],
  refund_without_payment: ['无缴费的退费', 'Refund without payment'],
  refund_missing: ['退费缺失', 'Refund missing'],
  refund_open: ['退费未决', 'Refund open'],
  refund_debited: ['退费失败但已扣减', 'Refund failed but debited'],
  debit_without_refund: ['无退费的扣减', 'Debit without refund'],
  reversed_by_provider: ['银行冲正', 'Reversed by the provider'],
  payout_missing: ['未出款', 'Payout missing'],
  payout_short: ['出款不足', 'Payout short'],
  payout_over: ['出款超额', 'Payout over'],
  payout_unknown: ['出款不明', 'Payout unexplained'],
  payout_returned: ['出款退回', 'Payout returned'],
  only_there: ['仅银行有协议', 'Agreement only at the bank'],
  only_here: ['仅我方有协议', 'Agreement only here'],
  ended_one_side: ['协议单边终止', 'Agreement ended on one side'],
  other_account: ['协议账户不符', 'Agreement on another account'],
  number_only_here: ['仅我方有号码', 'Number only here'],
  number_owner: ['号码归属不符', 'Number owner differs'],
  number_status: ['号码状态不符', 'Number status differs'],
};

export const ACTIONS: Readonly<Record<ResolutionAction, Words>> = {
  credit: ['补入账', 'Credit'],
  confirm_paid: ['确认已扣款', 'Confirm paid'],
  confirm_declined: ['确认未扣款', 'Confirm not charged'],
  refund_payer: ['退款给付款人', 'Refund the payer'],
  reverse_credit: ['冲回入账', 'Reverse the credit'],
  move_credit: ['改入账分公司', 'Move the credit'],
  repair_gateway: ['补网关记录', 'Repair the gateway'],
  claim_provider: ['向银行追款', 'Claim from the provider'],
  correct_fee: ['更正手续费', 'Correct the fee'],
  requery: ['再查询', 'Ask again'],
  carry: ['挂账下日', 'Carry'],
  write_off: ['核销', 'Write off'],
  accept: ['接受差异', 'Accept'],
};

export const BREAK_STATES: Readonly<Record<BreakState, Words>> = {
  open: ['未处理', 'Open'],
  proposed: ['待审批', 'Proposed'],
  resolving: ['处理中', 'Being resolved'],
  resolved: ['已处理', 'Resolved'],
  suspense: ['存疑', 'Suspense'],
};

export const CHANNELS: Readonly<Record<Channel, Words>> = {
  partner_api: ['合作方', 'Partner'],
  sms: ['短信', 'SMS'],
  portal: ['网厅', 'Portal'],
  hall: ['营业厅', 'Hall'],
  auto: ['自动充值', 'Auto'],
  batch: ['托收', 'Batch'],
};

/** Of a provider-day; what is not listed is shown as it is. */
export const DAY_STATES: Readonly<Record<string, Words>> = {
  open: ['未日切', 'Open'],
  cut: ['已日切', 'Cut'],
  statement_in: ['对账文件已到', 'Statement in'],
  none_today: ['当日无交易', 'None today'],
  matched: ['已对平', 'Matched'],
  settled: ['已清算', 'Settled'],
};

export const CUTS: Readonly<Record<string, Words>> = {
  all: ['全部', 'All'],
  provider: ['机构', 'Provider'],
  branch: ['分公司', 'Branch'],
  channel: ['渠道', 'Channel'],
};

export const BRIDGES: Readonly<Record<string, Words>> = {
  payments: ['缴费', 'Payments'],
  refunds: ['退费', 'Refunds'],
  fees: ['手续费', 'Fees'],
  credits: ['入账', 'Credits'],
  credit_file: ['省方账', 'Province’s book'],
};

/** Lines of a bridge that are no class of difference. */
export const BRIDGE_LINES: Readonly<Record<string, Words>> = {
  book_only: ['仅我方有', 'Ours only'],
  statement_only: ['仅对账文件有', 'Statement only'],
  unmatched_lines: ['未匹配的行', 'Lines without a match'],
  unread: ['未能读取', 'Not readable'],
  not_asked_for: ['省方做了,我方没有要求', 'done there, never asked for'],
  done_after_refusal: ['先拒后做', 'done after it was refused'],
  not_there: ['说做了,文件里没有', 'said to be done, not in the file'],
  amount_differs: ['金额不符', 'another amount'],
  date_differs: ['记在另一天的文件', "in another date's file"],
  repeated: ['同一笔出现多次', 'one reference more than once'],
  statement: ['对方合计', 'Statement'],
  book: ['我方合计', 'Book'],
  residual: ['未解释', 'Residual'],
};
