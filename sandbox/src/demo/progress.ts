export type Phase = 'idle' | 'people' | 'payments' | 'maintenance' | 'cut' | 'night' | 'check' | 'done' | 'failed';

export interface Note {
  /** HH:mm, Asia/Shanghai. */
  at: string;
  en: string;
  zh: string;
}

/** What a day came to. Amounts do not appear: those who want them read the reports. */
export interface DayResult {
  date: string;
  payments: number;
  injected: number;
  found: number;
  false: number;
  settledByRule: number;
  waiting: number;
  ledgerZero: boolean;
  residualZero: boolean;
  branchesOk: number;
  branches: number;
  files: string[];
  /** What does not hold, in words; empty when ok. */
  problems: string[];
  ok: boolean;
}

export interface ProgressView {
  phase: Phase;
  date: string;
  done: number;
  total: number;
  inDoubt: number;
  night: { provider: string; state: string; steps: { name: string; state: string }[] }[];
  notes: Note[];
  result: DayResult | null;
  error: string | null;
}

/** How far the demo is, for the start tool and the front door. */
export class Progress {
  private view: ProgressView;

  /** @param last what the latest day came to, known from an earlier run of this process */
  constructor(last: DayResult | null) {
    this.view = last ? { ...idle(), phase: 'done', date: last.date, result: last } : idle();
  }

  start(date: string): void {
    this.view = { ...idle(), phase: 'people', date, notes: this.view.notes.slice(-20) };
  }

  get running(): boolean {
    return !['idle', 'done', 'failed'].includes(this.view.phase);
  }

  /** With a total the count starts anew. */
  phase(phase: Phase, total?: number): void {
    this.view = { ...this.view, phase, ...(total === undefined ? {} : { done: 0, total }) };
  }

  step(): void {
    this.view.done += 1;
  }

  doubt(by: number): void {
    this.view.inDoubt = Math.max(0, this.view.inDoubt + by);
  }

  night(night: ProgressView['night']): void {
    this.view.night = night;
  }

  note(en: string, zh: string): void {
    const at = new Date().toLocaleTimeString('en-GB', {
      timeZone: 'Asia/Shanghai',
      hour: '2-digit',
      minute: '2-digit',
    });
    this.view.notes.push({ at, en, zh });
  }

  finish(result: DayResult): void {
    this.view = { ...this.view, phase: 'done', result };
  }

  fail(error: Error): void {
    this.view = { ...this.view, phase: 'failed', error: error.message };
  }

  read(): ProgressView {
    return this.view;
  }
}

function idle(): ProgressView {
  return { phase: 'idle', date: '', done: 0, total: 0, inDoubt: 0, night: [], notes: [], result: null, error: null };
}
