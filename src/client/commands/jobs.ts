import type { Command } from 'commander';
import { findById } from '../find/by-id.ts';
import { isUuid } from '../find/items.ts';
import { Groups } from '../find/groups.ts';
import { finishJobs, type Job } from '../jobs/finish-jobs.ts';
import type { JsonOption, Shell } from '../shell.ts';
import { sizeColumn, timeColumn } from '../terminal/columns.ts';
import type { Column } from '../terminal/table.ts';

interface ListOptions extends JsonOption {
  readonly watch?: true;
}

/** Adds `platter jobs`. */
export function addJobs(program: Command, shell: Shell): void {
  const jobs = program
    .command('jobs')
    .description('list, watch and cancel jobs: clones, imports and moves')
    .helpCommand(false)
    .addHelpText('after', '\nWithout a command it lists them.\n\nExample:\n  platter jobs --watch');
  jobs
    .command('ls', { isDefault: true })
    .description('list jobs, newest first')
    .option('--watch', 'only those that run: show their progress until all have ended')
    .option('--json', 'print the objects of the API as a JSON array')
    .addHelpText('after', '\nExample:\n  platter jobs ls --watch')
    .action(async (options: ListOptions) => list(shell, options));
  jobs
    .command('cancel <id>')
    .description('cancel a job, by its id or a unique beginning of it')
    .addHelpText('after', '\nExample:\n  platter jobs cancel 3f1c')
    .action(async (text: string) => cancel(shell, text));
}

async function list(shell: Shell, options: ListOptions): Promise<void> {
  const api = await shell.api();
  const found = await api.all('/v1/jobs', {
    query: { sort: '-created', ...(options.watch === true ? { state: 'running' } : {}) },
  });
  const jobs =
    options.watch === true
      ? await finishJobs(shell, api, found, ({ operation, media }) => `${operation} ${media.slice(0, 8)}`)
      : found;
  const groups = options.json === true ? new Groups([]) : await Groups.of(api);
  shell.printList(columnsOf(groups), jobs, options);
}

async function cancel(shell: Shell, text: string): Promise<void> {
  const api = await shell.api();
  const job = isUuid(text)
    ? text.toLowerCase()
    : findById(await api.all('/v1/jobs', { query: { state: 'running' } }), text, {
        missing: 'no job runs with the id',
        several: 'jobs',
        advice: 'Run "platter jobs".',
        nameOf: () => null,
        describe: ({ operation, media }) => `${operation} of item ${media}`,
      }).id;
  await api.call('delete', '/v1/jobs/{job}', { path: { job } });
  shell.say(`Cancelled job ${job}.`);
}

function columnsOf(groups: Groups): readonly Column<Job>[] {
  return [
    { title: 'ID', show: ({ id }) => id.slice(0, 8), exact: ({ id }) => id },
    { title: 'JOB', show: ({ operation }) => operation },
    { title: 'STATE', show: ({ state, failure }) => (failure === null ? state : `${state}: ${failure}`) },
    { title: 'ITEM', show: ({ media }) => media.slice(0, 8), exact: ({ media }) => media },
    { title: 'GROUP', show: ({ group }) => (group === null ? '-' : groups.pathOf(group)) },
    sizeColumn('DONE', ({ copied_bytes }) => copied_bytes),
    sizeColumn('OF', ({ total_bytes }) => total_bytes),
    timeColumn('CREATED', ({ created_at }) => created_at),
  ];
}
