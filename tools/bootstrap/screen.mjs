/**
 * What start and test print: one line per step with its time, a bar for counted work, plain lines when nobody watches.
 * A step that takes long shows that it lives: the line is redrawn on a terminal, repeated every ten seconds elsewhere.
 */

const NAME = 16;
const DETAIL = 64;
const QUIET_REPEAT_MS = 10_000;

/** Columns a text takes on a terminal: CJK takes two. */
function width(text) {
  let columns = 0;
  for (const char of text)
    columns += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
      char,
    )
      ? 2
      : 1;
  return columns;
}

const pad = (text, columns) => text + ' '.repeat(Math.max(1, columns - width(text)));

export function seconds(ms) {
  return ms < 60_000
    ? `${Math.max(0, Math.round(ms / 1000))} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** `███████░░░` of the given length. */
export function barOf(done, total, length = 20) {
  const filled = total > 0 ? Math.min(length, Math.floor((done / total) * length)) : 0;
  return '█'.repeat(filled) + '░'.repeat(length - filled);
}

/** 1 540: thin groups read well in both languages. */
export const grouped = (count) => String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');

export class Screen {
  constructor(out = process.stdout) {
    this.out = out;
    this.live = Boolean(out.isTTY) && !process.env.CI;
    this.current = undefined;
  }

  /** A line of its own; a running step's line is drawn again below it. */
  say(text = '') {
    this.clear();
    this.out.write(`${text}\n`);
    this.draw();
  }

  /** Begins a step; end it with done or fail. */
  step(name) {
    const started = Date.now();
    const step = { name, text: '', started, shown: started };
    this.current = step;
    step.timer = setInterval(() => this.tick(step), 250);
    step.timer.unref?.();
    this.draw();
    const finish = (mark, detail) => {
      clearInterval(step.timer);
      this.clear();
      if (this.current === step) this.current = undefined;
      this.out.write(` ${mark} ${pad(name, NAME)}${pad(detail, DETAIL)}${seconds(Date.now() - started).padStart(7)}\n`);
    };
    return {
      note: (text) => {
        step.text = text;
        this.draw();
      },
      progress: (done, total, text = '') => {
        step.text = `${barOf(done, total)}  ${grouped(done)} / ${grouped(total)} ${text}`;
        this.draw();
      },
      done: (detail = '') => finish('✔', detail),
      fail: (detail = '') => finish('✘', detail),
    };
  }

  tick(step) {
    if (this.live) return this.draw();
    if (Date.now() - step.shown < QUIET_REPEAT_MS) return undefined;
    step.shown = Date.now();
    this.out.write(
      `   ${pad(step.name, NAME)}${pad(step.text || '…', DETAIL)}${seconds(Date.now() - step.started).padStart(7)}\n`,
    );
    return undefined;
  }

  draw() {
    const step = this.current;
    if (!this.live || !step) return;
    const spinner = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'[Math.floor(Date.now() / 250) % 10];
    const line = ` ${spinner} ${pad(step.name, NAME)}${pad(step.text, DETAIL)}${seconds(Date.now() - step.started).padStart(7)}`;
    let cut = line;
    while (width(cut) > (this.out.columns ?? 100) - 1) cut = cut.slice(0, -1);
    this.out.write(`\r\u001b[2K${cut}`);
  }

  clear() {
    if (this.live && this.current) this.out.write('\r\u001b[2K');
  }
}
