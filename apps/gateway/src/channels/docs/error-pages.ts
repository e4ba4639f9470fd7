import { BOOK, Problem, problemBody, type BookRow, type ErrorCode } from '@yidian/errors';

const ROWS = Object.entries(BOOK) as [ErrorCode, BookRow][];

/** One example of each code, as it is sent. */
function example(code: ErrorCode): string {
  const body = problemBody(new Problem(code), 'req_01KB5W3M7Q2D8R4T6V9X0YZABC', 'en', 'https://HOST');
  return JSON.stringify(body, null, 2);
}

/** docs/errors.md: the book for readers of the repository. */
export function errorsMarkdown(): string {
  const lines = [
    '# Errors',
    '',
    'Made by `npm run generate` from `libs/errors/book.ts`. Every problem is `application/problem+json` (RFC 9457).',
    '`outcome` says whether anything was done; `retry` says what to do next. A code never changes its meaning.',
    '',
    '| code | status | outcome | retry | meaning |',
    '|---|---|---|---|---|',
    ...ROWS.map(
      ([code, row]) => `| [\`${code}\`](#${code}) | ${row.status} | ${row.outcome} | ${row.retry} | ${row.en} |`,
    ),
  ];
  for (const [code, row] of ROWS) {
    lines.push(
      '',
      `## ${code}`,
      '',
      `${row.status} · **${row.title}** · ${row.titleZh}`,
      '',
      `- ${row.en}`,
      `- ${row.zh}`,
      `- Cause: ${row.cause}`,
      `- Fix: ${row.fix}`,
      '',
      '```json',
      example(code),
      '```',
    );
  }
  return `${lines.join('\n')}\n`;
}

/** /docs/errors: the same as a page; problem types point at its anchors. */
export function errorsHtml(): string {
  const contents = ROWS.map(([code]) => `<a href="#${code}"><code>${code}</code></a>`).join(' ');
  const sections = ROWS.map(
    ([code, row]) => `<section id="${code}">
<h2><code>${code}</code> <small>${row.status} · ${escaped(row.title)} · ${escaped(row.titleZh)}</small></h2>
<p>${escaped(row.en)}<br>${escaped(row.zh)}</p>
<dl><dt>outcome</dt><dd><code>${row.outcome}</code></dd><dt>retry</dt><dd><code>${row.retry}</code></dd>
<dt>Cause</dt><dd>${escaped(row.cause)}</dd><dt>Fix</dt><dd>${escaped(row.fix)}</dd></dl>
<pre>${escaped(example(code))}</pre>
</section>`,
  ).join('\n');
  return page('Errors · 错误码', `<main class="book"><h1>Errors · 错误码</h1><nav>${contents}</nav>${sections}</main>`);
}

/** A page without scripts, in the house's colours. */
export function page(title: string, body: string, head = ''): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · Yidian</title><link rel="stylesheet" href="/docs/reader.css"><link rel="icon" href="/docs/favicon-32x32.png">${head}</head>
<body>${body}</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
