import { remedyOf, sentenceOf, type Finding } from '../../application/doctor/finding.ts';
import type { ExaminationReport } from '../../application/doctor/examine-depot.ts';
import type { Log } from '../../application/ports/log.ts';
import { isDomainError, isFailure } from '../../domain/shared/domain-error.ts';
import type { Config } from '../config/config.ts';
import type { CommandUseCases } from '../composition/command-use-cases.ts';
import { joinDepot, type Depot } from '../server/depot.ts';
import { complain, exitCodeOf, reasonOf, RESULTS, say } from './examination-output.ts';
import { withUseCases } from './with-use-cases.ts';

export interface DoctorOptions {
  readonly json?: boolean;
  readonly fix?: boolean;
}

/** A finding in the output of `--json`. */
type Reported = Finding & { readonly sentence: string; readonly fixed: boolean };

/**
 * Compares the database with the pools, reports differences, and repairs the safe ones with
 * `--fix`. Resolves with the exit code.
 */
export async function examine(config: Config, log: Log, options: DoctorOptions, stop: AbortSignal): Promise<number> {
  const found: Reported[] = [];
  let count = 0;
  const examination = await examined(config, log, stop, async (finding, mend) => {
    count += 1;
    if (options.json !== true) say(`${finding.kind}: ${sentenceOf(finding)}`);
    const remedy = options.fix === true ? remedyOf(finding) : null;
    const fixed = remedy !== null && (await tryRemedy(remedy, mend, options.json === true ? complain : say));
    if (options.json === true) found.push({ ...finding, sentence: sentenceOf(finding), fixed });
  });
  const code = exitCodeOf(examination.unchecked, count);
  if (options.json === true) say(JSON.stringify({ status: RESULTS[code], ...examination, findings: found }));
  else summarise(examination, count);
  return code;
}

type ReportFinding = (finding: Finding, mend: () => Promise<void>) => Promise<void>;

async function examined(
  config: Config,
  log: Log,
  stop: AbortSignal,
  report: ReportFinding,
): Promise<ExaminationReport> {
  let depot: Depot;
  try {
    depot = await joinDepot(config, log);
  } catch (error) {
    return { pools: [], unchecked: [{ pool: null, reason: reasonOf(error) }] };
  }
  return withUseCases(depot, { config, log, channel: 'command' }, async (use) => {
    await warn(use);
    let findings = 0;
    const examination = await use.examineDepot.run(async (finding) => {
      findings += 1;
      await report(finding, async () => use.repairDepot.run(finding));
    }, stop);
    const { unchecked } = examination;
    await use.recordExamination.run('doctor', { result: RESULTS[exitCodeOf(unchecked, findings)], findings });
    return examination;
  });
}

/** A warning is no finding: nothing differs. Without the database the examination reports that. */
async function warn({ findUnlimitedGroups }: CommandUseCases): Promise<void> {
  try {
    for (const warning of await findUnlimitedGroups.run()) complain(`warning: ${warning}`);
  } catch (error) {
    if (!isFailure(error, 'unavailable')) throw error;
  }
}

/** Prints a step before it is done. A failed step is reported, and the next ones follow. */
async function tryRemedy(remedy: string, mend: () => Promise<void>, print: (line: string) => void): Promise<boolean> {
  print(`  fix: ${remedy}`);
  try {
    await mend();
    return true;
  } catch (error) {
    if (!isDomainError(error)) throw error;
    print(`  failed: ${reasonOf(error)}`);
    return false;
  }
}

function summarise({ pools, unchecked }: ExaminationReport, count: number): void {
  for (const { pool, reason } of unchecked) {
    complain(`${pool === null ? 'the database' : `pool ${pool}`} could not be read: ${reason}`);
  }
  for (const { id, name, blobs } of pools) say(`pool ${id} ("${name}"): ${blobs} blobs compared`);
  const what = count === 1 ? '1 finding' : `${count} findings`;
  say(count === 0 && unchecked.length === 0 ? 'healthy' : what);
}
