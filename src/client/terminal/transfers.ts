import { MultiBar, type SingleBar } from 'cli-progress';
import stringWidth from 'string-width';
import { formatDuration } from '../values/durations.ts';
import { printable } from '../values/printable.ts';
import { formatSize } from '../values/sizes.ts';

/** The progress of one file. */
export interface Transfer {
  /** Says how many bytes of all have arrived. */
  moved(bytes: number): void;
  /** Says what happens beside the bytes, such as `waiting for the server`; empty for nothing. */
  note(text: string): void;
  /** Ends the bar; without it the bar stays as it is. */
  end(): void;
}

/** Where progress is drawn. */
export interface ProgressOutput extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const LINE_EVERY_MS = 5_000;
const DRAWS_PER_SECOND = 10;
/** The columns of names and bars: what is left has the percentage and the numbers. */
const WIDE = { name: 28, bar: 20 } as const;
const NARROW = { name: 12, bar: 8 } as const;
/** A terminal with fewer columns is narrow. */
const WIDE_FROM_COLUMNS = 80;
/** How far back the rate looks. */
const RATE_OVER_MS = 5_000;

/**
 * Shows the progress of files on standard error: on a terminal one bar each, with bytes, rate and
 * time left; else a line every five seconds.
 */
export class Transfers {
  readonly #output: ProgressOutput;
  #bars: MultiBar | null = null;
  #open = 0;

  constructor(output: ProgressOutput) {
    this.#output = output;
  }

  /** Begins a transfer of that many bytes, of which `done` have arrived before. */
  begin(name: string, total: number, done = 0): Transfer {
    this.#open += 1;
    const label = printable(name);
    const one =
      this.#output.isTTY === true
        ? barIn(this.#drawn(), inColumns(label, widthsOn(this.#output).name), total, done)
        : this.#lines(label, total, done);
    let ended = false;
    return {
      ...one,
      end: () => {
        if (ended) return;
        ended = true;
        one.end();
        this.#open -= 1;
        if (this.#open === 0) this.close();
      },
    };
  }

  /** Writes a line above the bars. */
  say(line: string): void {
    if (this.#bars !== null) {
      this.#bars.log(`${line}\n`);
      this.#bars.update();
    } else this.#output.write(`${line}\n`);
  }

  /** Leaves the bars as they are, for lines below them. Idempotent. */
  close(): void {
    this.#bars?.stop();
    this.#bars = null;
  }

  /** Bars that have ended stay above those that begin later. */
  #drawn(): MultiBar {
    return (this.#bars ??= barsOn(this.#output));
  }

  #lines(name: string, total: number, done: number): Transfer {
    const rate = new Rate(done);
    let [arrived, remark] = [done, ''];
    const line = (): void => {
      this.#output.write(`${name}: ${describe(arrived, total, rate)}${remark === '' ? '' : `, ${remark}`}\n`);
    };
    const timer = setInterval(line, LINE_EVERY_MS);
    return {
      moved: (bytes) => {
        arrived = bytes;
        rate.record(bytes);
      },
      note: (text) => (remark = text),
      end: () => clearInterval(timer),
    };
  }
}

function barsOn(output: ProgressOutput): MultiBar {
  return new MultiBar({
    stream: output,
    format: '{name} {bar} {percentage} % {text}',
    barsize: widthsOn(output).bar,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    fps: DRAWS_PER_SECOND,
    hideCursor: true,
    clearOnComplete: false,
    linewrap: false,
    gracefulExit: false,
  });
}

function widthsOn({ columns = WIDE_FROM_COLUMNS }: ProgressOutput): { readonly name: number; readonly bar: number } {
  return columns < WIDE_FROM_COLUMNS ? NARROW : WIDE;
}

function barIn(bars: MultiBar, name: string, total: number, done: number): Transfer {
  const rate = new Rate(done);
  let [arrived, remark] = [done, ''];
  // A bar of nothing is complete.
  const bar: SingleBar = bars.create(Math.max(total, 1), total === 0 ? 1 : done, { name, text: '' });
  const show = (): void => {
    bar.update(total === 0 ? 1 : arrived, { name, text: remark === '' ? describe(arrived, total, rate) : remark });
  };
  return {
    moved: (bytes) => {
      arrived = bytes;
      rate.record(bytes);
      show();
    },
    note: (text) => {
      remark = text;
      show();
    },
    end: () => {
      show();
      bar.stop();
    },
  };
}

/** Cuts or fills a text to that many columns. */
function inColumns(text: string, columns: number): string {
  const width = stringWidth(text);
  if (width <= columns) return `${text}${' '.repeat(columns - width)}`;
  const characters = Array.from(text);
  while (stringWidth(characters.join('')) > columns - 1) characters.pop();
  return inColumns(`${characters.join('')}…`, columns);
}

function describe(arrived: number, total: number, rate: Rate): string {
  const perSecond = rate.bytesPerSecond();
  const speed = perSecond > 0 ? `, ${formatSize(Math.round(perSecond))}/s` : '';
  const left = perSecond > 0 && arrived < total ? `, ${formatDuration((total - arrived) / perSecond)} left` : '';
  return `${formatSize(arrived)} of ${formatSize(total)}${speed}${left}`;
}

/** The rate of the last seconds. */
class Rate {
  readonly #samples: { readonly at: number; readonly bytes: number }[] = [];

  constructor(bytes: number) {
    this.record(bytes);
  }

  record(bytes: number): void {
    const at = performance.now();
    const last = this.#samples.at(-1);
    if (last !== undefined && at - last.at < 100) return;
    this.#samples.push({ at, bytes });
    while (this.#samples.length > 2 && at - (this.#samples[0]?.at ?? at) > RATE_OVER_MS) this.#samples.shift();
  }

  bytesPerSecond(): number {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (first === undefined || last === undefined || last.at === first.at) return 0;
    return Math.max(((last.bytes - first.bytes) / (last.at - first.at)) * 1000, 0);
  }
}
