import { english } from './english-words';

/**
 * Every text that goes to a person, by code. Each says whether money moved, names sum, number and account, and fits one
 * message (70 UCS-2 units) at its longest: names of banks are cut to 4, nicknames to 6 (a test measures all).
 * No links. Sums and balances are plain yuan; numbers are masked unless a text says otherwise.
 */
interface Template {
  zh: (p: Params) => string;
  en: (p: Params) => string;
}
/** Named parts; a part that is not given prints as nothing. */
export type Params = Readonly<Partial<Record<ParamName, string>>>;
export type ParamName =
  | 'code'
  | 'who'
  | 'number'
  | 'amount'
  | 'balance'
  | 'pay'
  | 'tail'
  | 'why'
  | 'limit'
  | 'month'
  | 'payer'
  | 'word'
  | 'first'
  | 'second'
  | 'day'
  | 'times'
  | 'bank'
  | 'time'
  | 'list';

const ZH = '【一点付】';
const EN = '[Yidian]';

export const SMS_TEMPLATES = {
  sign_in_code: {
    zh: (p) => `${ZH}登录验证码${p.code},5分钟内有效。任何人索要都不要给。`,
    en: (p) => `${EN} Sign-in code ${p.code}, 5 min. Give it to nobody.`,
  },
  confirm: {
    zh: (p) => `${ZH}给${p.who ?? ''}${p.number}充${p.amount}元?回复${p.code}确认,5分钟内有效。不是您发的请忽略。`,
    en: (p) => `${EN} ${p.amount} yuan to ${p.number}? Reply ${p.code} within 5 min.`,
  },
  done_own: {
    zh: (p) => `${ZH}已充${p.amount}元到本机,余额${p.balance}元。付款:${p.pay}。单号尾号${p.tail}。`,
    en: (p) => `${EN} Topped up ${p.amount}. Balance ${p.balance}. Ref ${p.tail}.`,
  },
  done_family: {
    zh: (p) => `${ZH}已给${p.who ?? ''}${p.number}充${p.amount}元,已到账。付款:${p.pay}。单号尾号${p.tail}。`,
    en: (p) => `${EN} ${p.amount} is on ${p.number}. Ref ${p.tail}.`,
  },
  received: {
    zh: (p) => `${ZH}${p.payer}给您充了${p.amount}元,已到账,余额${p.balance}元。`,
    en: (p) => `${EN} ${p.payer} topped you up ${p.amount}. Balance ${p.balance}.`,
  },
  declined: {
    zh: (p) => `${ZH}没有扣款:${p.pay}${p.why}。可换一张卡,或减少金额后重发。`,
    en: (p) => `${EN} Not charged ${p.amount}: ${p.why}.`,
  },
  over_limit: {
    zh: (p) => `${ZH}没有扣款:超过${p.why}。可减少金额后重发。`,
    en: (p) => `${EN} Not charged: over ${p.why}.`,
  },
  refused: {
    zh: (p) => `${ZH}没有扣款:${p.why}。`,
    en: (p) => `${EN} Not charged: ${p.why}.`,
  },
  unknown: {
    zh: (p) => `${ZH}给${p.number}充${p.amount}元,银行还没答复。请不要重发,有结果马上告诉您。`,
    en: (p) => `${EN} ${p.amount} to ${p.number}: bank silent. Don't resend.`,
  },
  unknown_no: {
    zh: (p) => `${ZH}银行答复:没有扣款。给${p.number}的${p.amount}元没有充成,可以重发。`,
    en: (p) => `${EN} Not charged. ${p.amount} to ${p.number} failed; resend.`,
  },
  crediting: {
    zh: (p) => `${ZH}已付${p.amount}元,给${p.number}的充值正在入账,到账再告诉您。`,
    en: (p) => `${EN} Paid ${p.amount} for ${p.number}; the credit is under way.`,
  },
  returning: {
    zh: (p) => `${ZH}${p.number}充值没有成功,${p.amount}元正退回${p.pay},到账再告诉您。`,
    en: (p) => `${EN} ${p.amount} for ${p.number} is being returned.`,
  },
  returned: {
    zh: (p) => `${ZH}已退${p.amount}元到${p.pay},请查收。单号尾号${p.tail}。`,
    en: (p) => `${EN} ${p.amount} returned. Ref ${p.tail}.`,
  },
  taken_back: {
    zh: (p) => `${ZH}${p.pay}已收回${p.amount}元,${p.number}的话费相应扣回。有疑问请联系我们。单号尾号${p.tail}。`,
    en: (p) => `${EN} Bank took back ${p.amount}; ${p.number} debited. Ref ${p.tail}.`,
  },
  repeated: {
    zh: (p) => `${ZH}刚才那笔正在办,这条没有再扣款。还要再充一笔,请回复${p.code}。`,
    en: (p) => `${EN} In progress, not charged again. Again? Reply ${p.code}.`,
  },
  ambiguous: {
    zh: (p) => `${ZH}“${p.word}”有两个:1${p.first},2${p.second}。5分钟内回复1或2。`,
    en: (p) => `${EN} 1 ${p.first} or 2 ${p.second}? Reply 1 or 2.`,
  },
  choose: {
    zh: (p) => `${ZH}“${p.word}”有${p.times}个:${p.list}。5分钟内回复1到${p.times}。`,
    en: (p) => `${EN} Which? ${p.list}. Reply 1-${p.times}.`,
  },
  history: {
    zh: (p) => `${ZH}${p.list}。`,
    en: (p) => `${EN} ${p.list}`,
  },
  history_none: {
    zh: () => `${ZH}还没有充值记录,没有扣过款。充本机发:充值50。`,
    en: () => `${EN} No payments yet, nothing charged.`,
  },
  link_asked: {
    zh: (p) => `${ZH}没有扣款。已发短信问${p.number},对方24小时内同意后,发“给${p.who}充50”就能充。`,
    en: (p) => `${EN} Not charged. ${p.number} was asked; it has 24 h to agree.`,
  },
  unlinked: {
    zh: (p) => `${ZH}已取消${p.who}${p.number},没有扣款,以后不再为它扣款。`,
    en: (p) => `${EN} ${p.number} removed. Nothing was charged.`,
  },
  blocked: {
    zh: (p) => `${ZH}已屏蔽${p.number},它不能再向您询问。没有扣款。`,
    en: (p) => `${EN} ${p.number} is blocked. Nothing was charged.`,
  },
  nothing_to_skip: {
    zh: () => `${ZH}没有等着扣的自动充值,没有扣款。`,
    en: () => `${EN} Nothing was due. Nothing was charged.`,
  },
  not_understood: {
    zh: () => `${ZH}没看懂,没有扣款。充本机发:充值50;充家人发:给妈妈充50;查余额发:YE。`,
    en: () => `${EN} Not understood, not charged. Send TOPUP 50 or BALANCE.`,
  },
  help: {
    zh: () => `${ZH}充本机发:充值50;充家人发:给妈妈充50;查余额发:YE。这条没有扣款。`,
    en: () => `${EN} Not charged. Send TOPUP 50, TOPUP MUM 50, BALANCE.`,
  },
  language_set: {
    zh: () => `${ZH}以后的短信用中文,没有扣款。换英文发:ENGLISH。`,
    en: () => `${EN} Texts come in English. Not charged. Change: CHINESE.`,
  },
  balance: {
    zh: (p) => `${ZH}本机余额${p.balance}元,这条没有扣款。充值发:充值50。`,
    en: (p) => `${EN} Balance ${p.balance}, not charged. Send TOPUP 50.`,
  },
  consent_asked: {
    zh: (p) => `${ZH}${p.payer}想给您交话费,不会扣您的钱。同意回复${p.code},24小时内有效。不再收到回复PB。`,
    en: (p) => `${EN} ${p.payer} wants to pay your bill. OK: ${p.code}. Stop: PB.`,
  },
  consent_given: {
    zh: (p) => `${ZH}${p.who}${p.number}已同意。发“给${p.who}充50”就能充,每月最多${p.month}元。`,
    en: (p) => `${EN} ${p.number} agreed. Up to ${p.month} a month.`,
  },
  consent_thanks: {
    zh: (p) => `${ZH}已同意${p.payer}给您交话费,不会扣您的钱。不想再收,回复PB。`,
    en: (p) => `${EN} ${p.payer} may pay your bill. Not charged. Stop: PB.`,
  },
  consent_refused: {
    zh: () => `${ZH}已记下,不再向您询问。没有扣款。`,
    en: () => `${EN} Noted, not charged. You won't be asked again.`,
  },
  bound: {
    zh: (p) => `${ZH}已绑定${p.pay},每笔最多${p.limit}元,每月最多${p.month}元。解绑发:JB。`,
    en: (p) => `${EN} Card bound. Up to ${p.limit}, ${p.month} a month.`,
  },
  unbound: {
    zh: (p) => `${ZH}已解绑${p.pay},不会再从这张卡扣款。`,
    en: () => `${EN} Card unbound. It won't be charged any more.`,
  },
  auto_set: {
    zh: (p) => `${ZH}已开通:${p.who}低于${p.limit}元时自动充到${p.amount}元,每月最多${p.month}元。关闭发:ZD 0。`,
    en: (p) => `${EN} Auto top-up on: below ${p.limit}, up to ${p.amount}. Off: ZD 0.`,
  },
  auto_off: {
    zh: () => `${ZH}已关闭自动充值,不会再自动扣款。`,
    en: () => `${EN} Auto top-up is off. Nothing will be charged.`,
  },
  auto_before: {
    zh: (p) => `${ZH}${p.day}10点给${p.who ?? ''}${p.number}自动充${p.amount}元,${p.pay}。不充请回复N。`,
    en: (p) => `${EN} Auto top-up ${p.amount} to ${p.number} soon. Skip: N.`,
  },
  auto_retry: {
    zh: (p) => `${ZH}自动充值没扣成:${p.pay}${p.why}。${p.day}再试一次,不试请回复N。`,
    en: () => `${EN} Auto top-up not charged. We try again; skip: N.`,
  },
  auto_failed: {
    zh: (p) => `${ZH}这次自动充值没扣成:${p.pay}${p.why},不再重试。下次照常。`,
    en: () => `${EN} Auto top-up not charged; not tried again this time.`,
  },
  auto_stopped: {
    zh: (p) => `${ZH}给${p.who}的自动充值连续${p.times}次没扣成,已停。换卡后发:${p.word} 重新开通。`,
    en: (p) => `${EN} Auto top-up stopped after ${p.times} refusals.`,
  },
  auto_skipped: {
    zh: () => `${ZH}这次自动充值已取消,没有扣款。下次照常;要关闭发:ZD 0。`,
    en: () => `${EN} Skipped, not charged. To switch off: ZD 0.`,
  },
  no_agreement: {
    zh: () => `${ZH}没有扣款:本机还没有绑定银行卡。请先在网上营业厅绑定。`,
    en: () => `${EN} Not charged: no card is bound to this number.`,
  },
  busy: {
    zh: () => `${ZH}现在人多,没有扣款。请5分钟后重发。`,
    en: () => `${EN} Busy, not charged. Please resend in 5 minutes.`,
  },
  maintenance: {
    zh: (p) => `${ZH}${p.bank}维护到${p.time},没有扣款。请${p.time}后重发,或换一张卡。`,
    en: (p) => `${EN} Not charged: bank away till ${p.time}. Resend then.`,
  },
  provider_down: {
    zh: (p) => `${ZH}${p.amount}元没有扣款:${p.pay}暂时不通。请5分钟后重发,或换一张卡。`,
    en: (p) => `${EN} ${p.amount} not charged: bank away. Try in 5 min.`,
  },
} as const satisfies Record<string, Template>;

export type SmsCode = keyof typeof SMS_TEMPLATES;
export type Language = 'zh' | 'en';

/** @param params with Chinese words, as they are found; an English text has them in English */
export function smsText(code: SmsCode, params: Params = {}, language: Language = 'zh'): string {
  return SMS_TEMPLATES[code][language](language === 'en' ? english(params) : params);
}

/** Units of the alphabet that Chinese text is sent in; one message holds 70. */
export const ucs2Units = (text: string): number => text.length;
