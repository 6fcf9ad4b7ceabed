import { setTimeout as sleep } from 'node:timers/promises';
import type { Api, Item } from '../api/api.ts';
import { reasonOfCode } from '../api/problem.ts';
import { CommandFailure } from '../command-failure.ts';
import type { Shell } from '../shell.ts';
import type { Transfer, Transfers } from '../terminal/transfers.ts';
import { printable } from '../values/printable.ts';

export type Job = Item<'/v1/jobs'>;

/** Between two looks at a job. */
const LOOK_EVERY_MS = 500;

/**
 * Waits until jobs have ended, shows their progress, and returns them as they ended. The jobs go on
 * when the command is interrupted.
 *
 * @param name of a job, for its bar
 * @throws interrupted by Ctrl-C; with the reason of its failure when a job fails, after all ended
 */
export async function finishJobs(
  shell: Shell,
  api: Api,
  jobs: readonly Job[],
  name: (job: Job) => string,
): Promise<readonly Job[]> {
  const signal = shell.interruption();
  const transfers = shell.transfers();
  try {
    const ended = await Promise.all(jobs.map(async (job) => finish(api, job, name(job), transfers, signal)));
    for (const job of ended) if (job.state === 'failed') throw failureOf(job, name(job));
    return ended;
  } catch (error) {
    if (!signal.aborted) throw error;
    const [first] = jobs;
    throw new CommandFailure(
      'interrupted',
      jobs.length === 1 ? `job ${first?.id ?? ''} goes on` : `${jobs.length} jobs go on`,
      `Watch with "platter jobs --watch"; cancel with "platter jobs cancel ${jobs.length === 1 ? (first?.id ?? '') : 'ID'}".`,
      error,
    );
  } finally {
    transfers.close();
  }
}

async function finish(api: Api, begun: Job, name: string, transfers: Transfers, signal: AbortSignal): Promise<Job> {
  let transfer: Transfer | null = null;
  let job = begun;
  try {
    for (;;) {
      // How much an import moves is not known at first.
      if (job.total_bytes > 0) transfer ??= transfers.begin(name, job.total_bytes, job.copied_bytes);
      transfer?.note(job.phase === null || job.phase === 'downloading' ? '' : job.phase);
      transfer?.moved(job.copied_bytes);
      if (job.state !== 'running') return job;
      await sleep(LOOK_EVERY_MS, undefined, { signal });
      job = await api.call('get', '/v1/jobs/{job}', { path: { job: job.id }, signal });
    }
  } finally {
    transfer?.end();
  }
}

function failureOf({ id, failure, failure_detail: detail }: Job, name: string): CommandFailure {
  const why = [failure, detail].filter((part) => part !== null).join(': ');
  return new CommandFailure(
    failure === null ? 'failed' : reasonOfCode(failure),
    `${printable(name)} failed: ${printable(why)} (job ${id})`,
  );
}
