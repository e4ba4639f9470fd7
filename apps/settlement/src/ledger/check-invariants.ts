import { Inject, Injectable } from '@nestjs/common';
import type { BranchLedgerReply, InvariantsReply } from '@yidian/contracts';
import type { RpcClient } from '@yidian/messaging';
import { formatMajor, fromDigits, toDigits } from '@yidian/money';
import { OutboxStore } from '../outbox/outbox.store';
import { BILLING } from '../resources/tokens';
import { InvariantsStore } from './invariants.store';
import { VerifyLedger } from './verify-ledger';

type Check = InvariantsReply['checks'][number];
type Sums = ReadonlyMap<string, bigint>;

const CALL_MS = 10_000;
const VERIFY_MS = 6_000;

/**
 * M1-M4 from the money ledger's own rows, S3 and S4 against billing's. Each compares sums that were written by different
 * hands: ledger and statement lines, ledger and the list of open items, ledger and plans, money ledger and service ledger.
 */
@Injectable()
export class CheckInvariants {
  constructor(
    private readonly verifyLedger: VerifyLedger,
    private readonly store: InvariantsStore,
    private readonly outbox: OutboxStore,
    @Inject(BILLING) private readonly billing: RpcClient<'billing'>,
  ) {}

  async execute(): Promise<InvariantsReply> {
    const verified = await this.verifyLedger.execute({ since: 'snapshot', waitMs: VERIFY_MS });
    const balances = await this.store.balances();
    const held = added(negated(await this.store.statementNet()), await this.store.clearingPaid());
    const checks: Check[] = [
      ...verified.checks.map((check) => (check.name === 'zero_sum' ? { ...check, name: 'M1 zero sum' } : check)),
      same('M2 clearing = settled statements not paid out', of('clearing/', balances), held),
      same('M3 suspense = open items', of('suspense/', balances), await this.store.openItems()),
      await this.explained(),
      same('M4 transit = payouts without a bank entry', of('transit/', balances), await this.store.unbookedPayouts()),
      same('M4 bank = entries of our bank that are explained', of('bank/', balances), await this.store.bankBooked()),
      same('positions = balances', balances, await this.store.planned()),
    ];
    const branches = await this.againstBilling(balances);
    checks.push(...branches.checks);
    return { ok: checks.every((check) => check.ok), checks, branches: branches.rows };
  }

  private async explained(): Promise<Check> {
    const odd = await this.store.unexplainedItems();
    const detail = odd.length === 0 ? 'each open item is a line that waits' : `not explained: ${odd.join(', ')}`;
    return { name: 'M3 items listed', ok: odd.length === 0, detail };
  }

  private async againstBilling(balances: Sums): Promise<{ checks: Check[]; rows: InvariantsReply['branches'] }> {
    const { open, refused } = await this.outbox.pending();
    let reply: BranchLedgerReply;
    try {
      reply = await this.billing.call('ledger.branches', {}, CALL_MS);
    } catch {
      return { checks: [{ name: 'S3 S4', ok: false, detail: 'billing does not answer' }], rows: [] };
    }
    const principal = await this.store.principal();
    const rows = reply.branches.map((branch) => branchRow(branch, balances, principal));
    const known = new Set(rows.map((row) => `due/${row.branch}`));
    const strangers = [...principal.keys()].filter((account) => !known.has(account));
    const settled = rows.filter((row) => row.principal !== row.settledInBilling);
    const listed = rows.filter((row) => row.receivable !== row.openItems);
    const untold = reply.branches.filter((branch) => branch.itemised !== branch.settled);
    const checks = [
      verdict('outbox empty', open + refused === 0, `${open} wait for billing, ${refused} refused`),
      verdict(
        'S3 settled = principal',
        settled.length + strangers.length === 0,
        names(settled, strangers, rows.length),
      ),
      verdict(
        'S4 receivable = credits − reversals − settled principal',
        listed.length === 0,
        names(listed, [], rows.length),
      ),
      verdict('S4 settled payment by payment', untold.length === 0, names(untold, [], rows.length)),
    ];
    return { checks, rows };
  }
}

function branchRow(
  branch: BranchLedgerReply['branches'][number],
  balances: Sums,
  principal: Sums,
): InvariantsReply['branches'][number] {
  const settled = principal.get(`due/${branch.branch}`) ?? 0n;
  const openItems = toDigits(fromDigits(branch.credits) - fromDigits(branch.reversals) - settled);
  return {
    branch: branch.branch,
    due: toDigits(balances.get(`due/${branch.branch}`) ?? 0n),
    principal: toDigits(settled),
    settledInBilling: branch.settled,
    receivable: branch.receivable,
    openItems,
    ok: toDigits(settled) === branch.settled && branch.receivable === openItems,
  };
}

const verdict = (name: string, ok: boolean, detail: string): Check => ({ name, ok, detail });

function names(rows: readonly { branch: string }[], others: readonly string[], all: number): string {
  const wrong = [...rows.map((row) => row.branch), ...others];
  return wrong.length === 0 ? `${all} of ${all} branches` : `differs: ${wrong.join(', ')}`;
}

const of = (prefix: string, balances: Sums): Sums =>
  new Map([...balances].filter(([id]) => id.startsWith(prefix)).map(([id, total]) => [id.slice(prefix.length), total]));

const negated = (sums: Sums): Sums => new Map([...sums].map(([name, total]) => [name, -total]));

const added = (one: Sums, two: Sums): Sums =>
  new Map([...one, ...two].map(([name]) => [name, (one.get(name) ?? 0n) + (two.get(name) ?? 0n)]));

/** Two lists of sums by the same names; what is not named is zero. */
function same(name: string, left: Sums, right: Sums): Check {
  const wrong = [...new Set([...left.keys(), ...right.keys()])]
    .sort()
    .map((key) => ({ key, off: (left.get(key) ?? 0n) - (right.get(key) ?? 0n) }))
    .filter(({ off }) => off !== 0n);
  const detail = wrong.map(({ key, off }) => `${key} is off by ${formatMajor(off)}`).join(', ');
  return { name, ok: wrong.length === 0, detail: detail || 'agrees' };
}
