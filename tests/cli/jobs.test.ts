import { FileServer, LongContent } from '../support/sources/file-server.ts';
import { gate } from '../support/waiting/gate.ts';
import { until } from '../support/waiting/until.ts';
import { createDisk, openDepot, type Depot } from './depot.ts';

const MIB = 2 ** 20;

interface Job {
  readonly id: string;
  readonly operation: string;
  readonly state: string;
  readonly media: string;
}

describe('Jobs on the command line', () => {
  let source: FileServer;
  let depot: Depot;
  beforeAll(async () => {
    source = await FileServer.open();
    depot = await openDepot({ env: source.settings });
  });
  afterAll(async () => source.close());

  const jobs = async (): Promise<readonly Job[]> =>
    (await depot.api.ask<{ items: Job[] }>('GET /jobs?sort=-created')).items;
  const item = async (id: string): Promise<object> => depot.api.ask(`GET /media/${id.trim()}`);
  /** Serves a file that stops in the middle until the gate opens. */
  const serveHalf = (path: string): { readonly url: string; readonly go: () => void } => {
    const rest = gate();
    const content = new LongContent(2 * MIB);
    return {
      url: source.serve(path, content, { pause: { at: MIB, until: async () => rest.opened } }),
      go: () => rest.open(),
    };
  };

  it('import --wait prints the id once the bytes are verified', async () => {
    const content = new LongContent(MIB);
    const url = source.serve('/whole.img', content);
    const words = ['import', url, '--group', '/', '--name', 'imported.img', '--sha256', content.digest(), '--wait'];
    const { code, output } = await depot.workplace.run(words);
    expect(code).toBe(0);
    expect(await item(output)).toMatchObject({ name: 'imported.img', state: 'ready', size: MIB });
  });

  it('import without --wait ends at once, and prints the job with --json', async () => {
    const half = serveHalf('/at-once.img');
    const { code, output } = await depot.workplace.run(['import', half.url, '--json']);
    expect(code).toBe(0);
    const { id } = JSON.parse(output) as Job;
    expect(await depot.api.ask(`GET /jobs/${id}`)).toMatchObject({ state: 'running', operation: 'import' });
    half.go();
    const watched = await depot.workplace.run(['jobs', '--watch', '--json']);
    expect([watched.code, await depot.api.ask(`GET /jobs/${id}`)]).toEqual([
      0,
      expect.objectContaining({ state: 'done' }),
    ]);
  });

  it.each([
    [1, 'checksum-differs', ['--sha256', '0'.repeat(64)]],
    [1, 'source-too-large', ['--size', '1K']],
  ])('import --wait ends with %i for %s', async (code, failure, words) => {
    const url = source.serve(`/${failure}.img`, new LongContent(MIB), { tellsLength: failure !== 'source-too-large' });
    const ended = await depot.workplace.run(['import', url, ...words, '--wait']);
    expect(ended).toEqual({ code, output: '', complaints: expect.stringContaining(failure) as string });
  });

  it('shows a bar on a terminal; Ctrl-C leaves the job running, and says how to go on', async () => {
    const half = serveHalf('/slow.img');
    const terminal = depot.workplace.terminal(['import', half.url, '--wait']);
    await terminal.sees(/slow\.img .*50 % /);
    terminal.type('\u0003');
    expect(await terminal.ended).toBe(130);
    const [job] = await jobs();
    expect(terminal.seen()).toContain(`job ${job!.id} goes on`);
    expect(terminal.seen().replace(/\s+/g, ' ')).toContain(`platter jobs cancel ${job!.id}`);
    expect(job).toMatchObject({ state: 'running' });

    const watching = depot.workplace.terminal(['jobs', '--watch']);
    await watching.sees(/import .*50 % /);
    half.go();
    expect(await watching.ended).toBe(0);
    expect(watching.seen()).toMatch(/ID +JOB +STATE/);
    expect((await jobs())[0]).toMatchObject({ id: job!.id, state: 'done' });
  });

  it('writes lines in a pipe', async () => {
    const half = serveHalf('/lines.img');
    const command = depot.workplace.start(['import', half.url, '--wait']);
    await until('a line', () => /lines\.img: 1\.00 MiB of 2\.00 MiB/.test(command.complaints()));
    half.go();
    expect(await command.ended).toMatchObject({ code: 0 });
  });

  it('jobs cancel ends a job by the beginning of its id', async () => {
    const half = serveHalf('/cancelled.img');
    const { output } = await depot.workplace.run(['import', half.url, '--json']);
    const { id } = JSON.parse(output) as Job;
    expect(await depot.workplace.run(['jobs', 'cancel', id.slice(0, 8)])).toEqual({
      code: 0,
      output: '',
      complaints: `Cancelled job ${id}.\n`,
    });
    expect(await depot.api.ask(`GET /jobs/${id}`)).toMatchObject({ state: 'failed', failure: 'cancelled' });
    expect(await depot.workplace.run(['jobs', 'cancel', id.slice(0, 8)])).toMatchObject({ code: 3 });
    half.go();
  });

  it('clone --wait makes a larger copy, in the group of the item', async () => {
    await createDisk(depot.api, 'base.img', 0, 1024);
    const output = await depot.workplace.run(['clone', 'base.img', '--size', '4K', '--wait']);
    expect(output.code).toBe(0);
    expect(await item(output.output)).toMatchObject({
      name: 'copy of base.img',
      size: 4096,
      group: 0,
      state: 'ready',
    });
    expect(await depot.workplace.run(['clone', 'base.img', '--name', 'base.img'])).toMatchObject({ code: 1 });
    expect(await depot.workplace.run(['clone', 'none.img'])).toMatchObject({ code: 3 });
  });

  it('lists jobs as the API has them', async () => {
    expect(JSON.parse(await depot.workplace.output(['jobs', '--json']))).toEqual(await jobs());
    const [newest] = await jobs();
    const [line = ''] = (await depot.workplace.output(['jobs'])).split('\n');
    expect(line.split('\t').slice(0, 2)).toEqual([newest!.id, newest!.operation]);
  });
});
