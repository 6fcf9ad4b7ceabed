import type { ReportProgress } from '../../application/library/publish-library-drive.ts';

/** A terminal shows every percent, in place; a file every tenth, line by line. */
const STEP_PERCENT = { terminal: 1, file: 10 };

/** Shows progress on standard error. */
export class Progress {
  readonly #isTerminal = process.stderr.isTTY;
  #name = '';
  #reported = -1;

  readonly watch: ReportProgress = ({ facts: { name } }, moved, size) => this.show(name, moved, size);

  show(name: string, moved: number, size: number): void {
    const step = this.#isTerminal ? STEP_PERCENT.terminal : STEP_PERCENT.file;
    const percent = size === 0 ? 100 : Math.floor((moved / size) * 100);
    const reached = percent - (percent % step);
    if (name === this.#name && reached === this.#reported) return;
    this.#name = name;
    this.#reported = reached;
    const isLast = reached === 100;
    const line = `${name}: ${reached} %`;
    process.stderr.write(this.#isTerminal ? `\r${line}${isLast ? '\n' : ''}` : `${line}\n`);
  }
}
