import { Problem } from '@yidian/errors';
import { RpcUnknown } from '@yidian/messaging';
import type { OperatorCaller, Role } from '../../access';

export const FINANCE_READERS: readonly Role[] = ['finance_maker', 'finance_checker', 'operations', 'auditor'];

/** The branch an operator is held to; undefined for headquarters. */
export function branchOf(operator: OperatorCaller): string | undefined {
  if (operator.branch !== null) return operator.branch;
  const onlyBranch = operator.roles.every((role) => role === 'branch_finance');
  if (onlyBranch) throw new Problem('scope_missing', { detail: 'This operator has no branch yet.' });
  return undefined;
}

/** Pages of all branches together. @throws Problem not_found for an operator of one branch, as for a foreign id */
export function assertHeadquarters(operator: OperatorCaller): void {
  if (branchOf(operator) !== undefined) throw new Problem('not_found');
}

/** A question that changes nothing: no answer from the service means "try again", not "unknown". */
export async function ask<T>(question: Promise<T>): Promise<T> {
  try {
    return await question;
  } catch (error) {
    if (error instanceof RpcUnknown) throw new Problem('busy', { retryAfter: 2 }, { cause: error });
    throw error;
  }
}
