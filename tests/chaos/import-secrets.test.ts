import { createHash, randomBytes } from 'node:crypto';
import { freshName } from '../support/http/client.ts';
import { rowsOf } from '../support/database/test-database.ts';
import { openMediaScene, type MediaScene } from '../acceptance/native/media-scene.ts';
import { expectProblem, NativeClient } from '../acceptance/native/native-client.ts';
import { openScene, type Scene } from '../acceptance/velocity/scene.ts';
import { ok, redirect, response, startSourceServer, type SourceServer } from '../support/sources/source-server.ts';
import { gate } from '../support/waiting/gate.ts';
import { until } from '../support/waiting/until.ts';

const CONTENT = 'x'.repeat(70_000);
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');

interface Job {
  readonly id: string;
  readonly media: string;
  readonly state: string;
  readonly failure: string | null;
}

describe('The secret in the URL of an import', () => {
  const secret = `s${randomBytes(12).toString('hex')}`;
  let released = gate();
  let source: SourceServer;
  let scene: Scene;
  let media: MediaScene;
  beforeAll(async () => {
    source = await startSourceServer(async ({ path }) => {
      const [file = ''] = path.split('?');
      if (file === '/redirect') return redirect(`/image?signature=${secret}`);
      if (file === '/SHA256SUMS') return ok(`${SHA256}  image\n`);
      if (file === '/held') await released.opened;
      return file === '/missing' ? response('404 Not Found') : ok(CONTENT);
    });
    scene = await openScene({
      env: {
        PLATTER_IMPORT_NETWORKS: '127.0.0.1',
        PLATTER_IMPORT_PORTS: String(source.port),
        PLATTER_LOG_LEVEL: 'debug',
      },
    });
    media = await openMediaScene(scene);
  });
  beforeEach(() => void (released = gate()));
  afterEach(() => released.open());
  afterAll(async () => source.close());

  const urlOf = (path: string): string => `http://127.0.0.1:${source.port}/${path}?token=${secret}`;

  async function begin(path: string, order: object = {}): Promise<Job> {
    const name = freshName('import');
    const answer = await media.owner.call('POST /imports', { url: urlOf(path), group: media.group, name, ...order });
    expect([answer.status, answer.text.includes(secret)]).toEqual([202, false]);
    return answer.body as Job;
  }

  async function ended({ id }: Job): Promise<Job> {
    return until('the import ends', async () => {
      const job = await media.owner.ask<Job>(`GET /jobs/${id}`);
      return job.state === 'running' ? null : job;
    });
  }

  /** Returns the names of all tables with the secret in some column. */
  async function tables(): Promise<readonly unknown[]> {
    const { url } = scene.platter.database;
    const all = await rowsOf(
      url,
      `select quote_ident(table_name) as name from information_schema.tables
       where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
    );
    expect(all.length).toBeGreaterThan(20);
    const hex = Buffer.from(secret).toString('hex');
    const found = await rowsOf(
      url,
      all
        .map(
          ({ name }) => `select '${String(name)}' as name from ${String(name)} as r
          where r::text like '%${secret}%' or r::text like '%${hex}%' having count(*) > 0`,
        )
        .join(' union all '),
    );
    return found.map(({ name }) => name);
  }

  async function expectForgotten({ id, media: item }: Job): Promise<void> {
    const root = NativeClient.by(scene.root);
    const answers = [
      await media.owner.call(`GET /jobs/${id}`),
      await media.owner.call('GET /jobs?limit=100'),
      await media.owner.call(`GET /media/${item}`),
      await media.owner.call(`GET /groups/${media.group}/media?limit=100`),
      await root.call('GET /audit?limit=100'),
    ];
    expect(answers.map(({ text }) => text).join('\n')).not.toContain(secret);
    expect(JSON.stringify(scene.platter.log)).not.toContain(secret);
    expect(await tables()).toEqual([]);
  }

  it.each([
    ['succeeded', 'image', {}, null],
    ['followed a redirect with another one', 'redirect', {}, null],
    ['found its checksum', 'image', { checksum_url: 'SHA256SUMS' }, null],
    ['found no checksum', 'image', { checksum_url: 'missing' }, 'source-refused'],
    ['brought other bytes', 'image', { checksum: `sha256:${'0'.repeat(64)}` }, 'checksum-differs'],
    ['was refused by its source', 'missing', {}, 'source-refused'],
  ])(
    'is nowhere once the import %s',
    async (_end, path, { checksum_url: sums, ...order }: Record<string, string>, failure) => {
      const job = await begin(path, { ...order, ...(sums === undefined ? {} : { checksum_url: urlOf(sums) }) });
      expect((await ended(job)).failure).toBe(failure);
      await expectForgotten(job);
    },
  );

  it('is in the row of the import while it runs, and nowhere once it was cancelled', async () => {
    const before = source.requests.length;
    const job = await begin('held');
    await until('it is requested', () => source.requests.length > before);
    expect(await tables()).toEqual(['imports']);
    expect((await media.owner.call(`DELETE /jobs/${job.id}`)).status).toBe(204);
    await expectForgotten(job);
  });

  it('is in no row, answer or line of a URL that is refused', async () => {
    for (const url of [`http://user:${secret}@127.0.0.1:${source.port}/image`, `ftp://127.0.0.1/?token=${secret}`]) {
      const answer = await media.owner.call('POST /imports', { url, group: media.group, name: freshName('import') });
      expectProblem(answer, 400, 'url-invalid');
      expect(answer.text).not.toContain(secret);
    }
    expect(JSON.stringify(scene.platter.log)).not.toContain(secret);
    expect(await tables()).toEqual([]);
  });
});
