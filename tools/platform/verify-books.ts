import { RpcClient } from '@yidian/messaging';
import type { Ports } from './ports';

export interface BookCheck {
  name: string;
  ok: boolean;
  detail: string;
}

/** Recomputes both ledgers and the invariants between them: `ok` of every check means that the books balance. */
export async function verifyBooks(ports: Ports): Promise<{ ok: boolean; checks: BookCheck[] }> {
  const billing = new RpcClient('billing', '127.0.0.1', ports.billingRpc, 60_000);
  const settlement = new RpcClient('settlement', '127.0.0.1', ports.settlementRpc, 60_000);
  try {
    const replies = await Promise.all([
      billing.call('ledger.verify', {}),
      settlement.call('ledger.verify', {}),
      settlement.call('ledger.invariants', {}),
    ]);
    const names = ['service ledger', 'money ledger', 'invariants'];
    const checks = replies.flatMap((reply, index) =>
      reply.checks.map((check) => ({ ...check, name: `${names[index] ?? ''}: ${check.name}` })),
    );
    return { ok: replies.every((reply) => reply.ok), checks };
  } finally {
    billing.close();
    settlement.close();
  }
}
