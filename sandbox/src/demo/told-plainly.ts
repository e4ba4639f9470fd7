import type { DayResult, ProgressView } from './progress';

/** The demo for a terminal: lines to print as they come, and closing lines. */
export interface PlainView {
  state: 'idle' | 'running' | 'done' | 'failed';
  date: string;
  done: number;
  total: number;
  inDoubt: number;
  /** What `done` of `total` counts, or what is being done. */
  doing: string;
  notes: string[];
  summary: string[];
  ok: boolean;
}

const DOING: Readonly<Record<ProgressView['phase'], string>> = {
  idle: '',
  people: 'people sign with their bank',
  payments: 'payments',
  maintenance: 'payments, one branch away',
  cut: 'payments · the day is cut off',
  night: 'payments · the night runs',
  check: 'payments · looking at the books',
  done: 'payments',
  failed: 'payments',
};

export function toldPlainly(view: ProgressView): PlainView {
  const { date, done, total, inDoubt } = view;
  const ended = view.phase === 'done' || view.phase === 'failed' || view.phase === 'idle';
  return {
    state: ended ? (view.phase as 'idle' | 'done' | 'failed') : 'running',
    date,
    done,
    total,
    inDoubt,
    doing: DOING[view.phase],
    notes: view.notes.map((note) => `${note.at}  ${note.en}`),
    summary: summaryOf(view),
    ok: view.result?.ok ?? false,
  };
}

function summaryOf(view: ProgressView): string[] {
  if (view.error !== null) return [`✘ the demo stopped: ${view.error}`];
  if (!view.result) return [];
  const { result } = view;
  const steps = ['fetch', 'parse', 'match', 'resolve', 'settle', 'statements'];
  const mark = (name: string) => (view.night.every((p) => doneStep(p, name)) ? '✔' : '✘');
  return [
    `Night ${result.date}      ${steps.map((name) => `${name} ${mark(name)}`).join(' ')}`,
    `  breaks  injected ${result.injected} · found ${result.found} · false ${result.false} · settled by rule ${result.settledByRule} · waiting for people ${result.waiting}`,
    `  books   ledger sum 0 ${tick(result.ledgerZero)}   bridge residual 0 ${tick(result.residualZero)}   credits = dues, ${result.branchesOk} of ${result.branches} branches ${tick(result.branchesOk === result.branches)}`,
    `  files   ${files(result)}`,
    ...result.problems.slice(0, 10).map((problem) => `  ✘ ${problem}`),
  ];
}

function doneStep(provider: ProgressView['night'][number], name: string): boolean {
  const step = provider.steps.find((each) => each.name === name);
  return step === undefined || step.state === 'done' || step.state === 'superseded';
}

function tick(holds: boolean): string {
  return holds ? '✔' : '✘';
}

function files(result: DayResult): string {
  const [first = '', ...rest] = result.files;
  return `out/${first}  ${rest.map((name) => name.slice(name.indexOf('/') + 1)).join('  ')}`.trimEnd();
}
