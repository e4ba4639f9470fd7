import { BOOK, Problem, type ErrorCode, type Finding } from '@yidian/errors';
import type { z } from 'zod';

/**
 * Checks a value that came from outside. Every fault is listed with an RFC 6901 pointer; the problem's own code is that
 * of the first fault.
 * @param at where the value lies: nothing for the body, `/query` for the query string
 * @throws Problem field_unknown, field_invalid, or the code the schema names
 */
export function validate<S extends z.ZodType>(schema: S, value: unknown, at = ''): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue) => findings(issue, at)).slice(0, MAX_FINDINGS);
  const first = errors[0];
  throw new Problem(first?.code ?? 'field_invalid', {
    ...(first ? { detail: `${first.pointer || '(body)'}: ${first.detail}` } : {}),
    errors,
  });
}

const MAX_FINDINGS = 20;

type Issue = z.core.$ZodIssue;

function findings(issue: Issue, at: string): Finding[] {
  const path = at + pointer(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => finding(path + pointer([key]), 'field_unknown', 'no such field'));
  }
  if (issue.code === 'invalid_union') {
    const closest = issue.errors.toSorted((a, b) => a.length - b.length)[0] ?? [];
    if (closest.length > 0) return closest.flatMap((inner) => findings(inner, path));
  }
  if (isCode(issue.message)) return [finding(path, issue.message, BOOK[issue.message].en)];
  return [finding(path, 'field_invalid', issue.message)];
}

const finding = (path: string, code: ErrorCode, detail: string): Finding => ({ pointer: path, code, detail });

const isCode = (text: string): text is ErrorCode => Object.hasOwn(BOOK, text);

/** RFC 6901: `~` and `/` inside a name are escaped. */
export function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
