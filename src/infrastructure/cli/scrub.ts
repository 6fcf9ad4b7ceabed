import type { ZodType } from 'zod';
import type { ScrubReport, ScrubTerms } from '../../application/scrub/scrub-depot.ts';
import { sentenceFor, type Verdict } from '../../application/scrub/verdict.ts';
import type { Log } from '../../application/ports/log.ts';
import { findPool } from '../../domain/pools/pool.ts';
import type { PoolId } from '../../domain/shared/ids.ts';
import type { Config } from '../config/config.ts';
import { joinDepot } from '../server/depot.ts';
import { SETTINGS, whole } from '../config/settings.ts';
import { complain, exitCodeOf, reasonOf, RESULTS, say } from './examination-output.ts';
import { withUseCases } from './with-use-cases.ts';

/** The options as typed. */
export interface ScrubOptions {
  readonly pool?: string;
  readonly rate?: string;
  readonly olderThan?: string;
  readonly damaged?: boolean;
  readonly json?: boolean;
}

const SECONDS_PER_DAY = 24 * 60 * 60;
const MAX_DAYS = 36_500;

/**
 * Reads stored bytes again, and reports those that differ from their digest. Resolves with the exit
 * code.
 *
 * @throws Error for the operator
 */
export async function scrub(config: Config, log: Log, options: ScrubOptions, stop: AbortSignal): Promise<number> {
  const terms = termsFrom(options, config);
  const scrubRate = numberFrom('rate', options.rate, SETTINGS.PLATTER_SCRUB_RATE.schema) ?? config.scrubRate;
  const findings: (Verdict & { readonly sentence: string })[] = [];
  let damaged = 0;
  const scrubbing = await scrubbed({ ...config, scrubRate }, log, terms, stop, async (verdict) => {
    if (verdict.kind === 'bytes-damaged') damaged += 1;
    const sentence = sentenceFor(verdict);
    if (options.json === true) findings.push({ ...verdict, sentence });
    else say(`${verdict.kind}: ${sentence}`);
    return Promise.resolve();
  });
  const code = exitCodeOf(scrubbing.unchecked, damaged);
  if (options.json === true) say(JSON.stringify({ status: RESULTS[code], ...scrubbing, findings }));
  else summarise(scrubbing, damaged);
  return code;
}

async function scrubbed(
  config: Config,
  log: Log,
  terms: ScrubTerms,
  stop: AbortSignal,
  report: (verdict: Verdict) => Promise<void>,
): Promise<ScrubReport> {
  let depot;
  try {
    depot = await joinDepot(config, log);
  } catch (error) {
    return { pools: [], unchecked: [{ pool: null, reason: reasonOf(error) }], stopped: false };
  }
  return withUseCases(depot, { config, log }, async ({ scrubDepot, recordExamination }) => {
    let findings = 0;
    const scrubbing = await scrubDepot.run(
      terms,
      async (verdict) => {
        if (verdict.kind === 'bytes-damaged') findings += 1;
        await report(verdict);
      },
      stop,
    );
    const { unchecked, stopped } = scrubbing;
    const result = stopped ? 'incomplete' : RESULTS[exitCodeOf(unchecked, findings)];
    await recordExamination.run('scrub', { result, findings });
    return scrubbing;
  });
}

function termsFrom({ pool, olderThan, damaged = false }: ScrubOptions, { pools }: Config): ScrubTerms {
  const id = numberFrom('pool', pool, whole(0, Number.MAX_SAFE_INTEGER)) as PoolId | null;
  if (id !== null && findPool(pools, id) === null) throw new Error(`--pool: there is no pool ${id}`);
  const days = numberFrom('older-than', olderThan, whole(0, MAX_DAYS)) ?? 0;
  return { pool: id, olderThanSeconds: days * SECONDS_PER_DAY, markedOnly: damaged };
}

function numberFrom(option: string, text: string | undefined, schema: ZodType<number, string>): number | null {
  if (text === undefined) return null;
  const { success, data, error } = schema.safeParse(text);
  if (!success) throw new Error(`--${option}: ${error.issues.map(({ message }) => message).join(', ')}`);
  return data;
}

function summarise({ pools, unchecked, stopped }: ScrubReport, damaged: number): void {
  for (const { pool, reason } of unchecked) {
    complain(pool === null ? `nothing could be read: ${reason}` : `pool ${pool} could not be read: ${reason}`);
  }
  for (const { id, name, compared, measured, writable, bytesRead } of pools) {
    say(
      `pool ${id} ("${name}"): ${compared} blobs compared (${bytesRead} bytes read), ${measured} measured, ${writable} writable skipped`,
    );
  }
  if (stopped) say('stopped: the next scrub continues from here');
  else if (unchecked.length === 0 && damaged === 0) say('healthy');
  if (damaged > 0) say(`${damaged} damaged`);
}
