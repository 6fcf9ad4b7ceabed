import { Bench, type Extent } from './frame/bench.ts';
import { play } from './frame/rounds.ts';
import { CannotRun, type Row } from './frame/row.ts';
import { readOptions, USAGE, type Options } from './options.ts';
import { loadResults, saveResults, type Result, type Results } from './results.ts';
import { ROWS } from './rows/all.ts';
import { tableOf } from './table.ts';

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const rows = ROWS.filter(
    ({ name }) => options.names.length === 0 || options.names.some((part) => name.includes(part)),
  );
  if (options.help || rows.length === 0) {
    process.stdout.write(`${USAGE}\nThe rows: ${ROWS.map(({ name }) => name).join(', ')}.\n`);
    return options.help ? 0 : 2;
  }
  return runRows(rows, options);
}

async function runRows(rows: readonly Row[], { extent, save, compare }: Options): Promise<number> {
  const before = compare === null ? null : await loadResults(compare);
  const completed: Result[] = [];
  for (const row of rows) {
    process.stderr.write(`${row.name} … `);
    const result = await run(row, extent);
    // The signal handler stops what was started, then the process: start nothing more.
    if (interrupted) return new Promise(() => undefined);
    process.stderr.write(`${result.why ?? result.outcome?.value ?? ''}\n`);
    completed.push(result);
  }
  const results: Results = { at: new Date().toISOString(), extent, rows: completed };
  process.stdout.write(`${tableOf(results, before)}\n`);
  if (save !== null) await saveResults(save, results);
  return completed.every(({ fault }) => !fault) ? 0 : 1;
}

let interrupted = false;

/** Clears the bench on a signal, then exits. Returns a function that removes the handlers. */
function clearOnSignal(bench: Bench): () => void {
  const clear = (): void => {
    interrupted = true;
    void bench.clear().finally(() => process.exit(1));
  };
  process.on('SIGINT', clear).on('SIGTERM', clear);
  return () => process.off('SIGINT', clear).off('SIGTERM', clear);
}

/** Runs one row. A failed row becomes a result, so that the others still run. */
async function run({ stage, ...row }: Row, extent: Extent): Promise<Result> {
  const bench = new Bench(extent);
  const removeHandlers = clearOnSignal(bench);
  try {
    const match = await stage(bench);
    const outcome = await play(match, extent.rounds);
    return { ...row, outcome, why: null, fault: false, remarks: [...(match.remarks ?? [])] };
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).trim().split('\n').join(' ');
    return { ...row, outcome: null, why, fault: !(error instanceof CannotRun), remarks: [] };
  } finally {
    await bench.clear();
    removeHandlers();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`bench: ${(error as Error).message}\n`);
  process.exitCode = 2;
}
