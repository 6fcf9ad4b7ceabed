import { Client, freshName, send } from '../../support/http/client.ts';
import { scrape, type Scrape } from '../../support/http/scrape.ts';
import { ROOT_PASSWORD } from '../../support/program/platter.ts';
import { until } from '../../support/waiting/until.ts';
import { beginUpload } from '../velocity/raw-upload.ts';
import { makeAssignedGroup, midOf, NO_MEDIA, openScene, type Scene } from '../velocity/scene.ts';

const SIZE_BYTES = 100_000;
const CAPACITY_BYTES = 5_000_000;
const POOLS = `
pools:
  - { mpid: 7, name: a name that must stay secret, path: main, default: true, capacity: ${CAPACITY_BYTES} }
`;

const upload = '{method="PUT",route="/m/media/upload",status="200"}';

describe('The metrics', () => {
  let scene: Scene;
  let gid: number;
  beforeAll(async () => {
    scene = await openScene({ poolsFile: POOLS, env: { PLATTER_UPLOADS: '1' } });
    gid = await makeAssignedGroup(scene, { mpid: 7 });
  });

  const order = (): { group: number; pool: number; name: string } => ({
    group: gid,
    pool: 7,
    name: freshName('media'),
  });

  /**
   * Resolves once every answered request is counted: a client may read an answer before its end is.
   */
  async function scrapeWhenIdle(): Promise<Scrape> {
    return until('no other request is in progress', async () => {
      const now = await scrape(scene.platter.url);
      return now.value('platter_http_requests_in_progress') === 1 && now;
    });
  }

  /** Returns how much each series grows during `act`. */
  async function growth(act: () => Promise<unknown>): Promise<(series: string) => number> {
    const before = await scrapeWhenIdle();
    await act();
    const after = await scrapeWhenIdle();
    return (series) => after.value(series) - before.value(series);
  }

  it('count an upload, its bytes and its time', async () => {
    const series = `platter_http_requests_total${upload}`;
    const answers: Buffer[] = [];
    const grown = await growth(async () => {
      answers.push((await scene.root.upload(order(), Buffer.alloc(SIZE_BYTES))).bytes);
    });
    expect(grown(series)).toBe(1);
    expect(grown('platter_http_received_bytes_total{route="/m/media/upload"}')).toBe(SIZE_BYTES);
    expect(grown('platter_http_sent_bytes_total{route="/m/media/upload"}')).toBe(answers[0]!.length);
    const [timed, bucket] = ['method="PUT",route="/m/media/upload"', 'platter_http_request_duration_seconds'];
    expect(grown(`${bucket}_count{${timed}}`)).toBe(1);
    expect(grown(`${bucket}_bucket{${timed},le="+Inf"}`)).toBe(1);
    expect(grown(`${bucket}_sum{${timed}}`)).toBeGreaterThan(0);
    expect(grown('platter_pool_used_bytes{pool="7"}')).toBe(SIZE_BYTES);
  });

  it('count downloads, ranges and HEAD, and the bytes that were sent', async () => {
    const mid = midOf(await scene.root.upload(order(), Buffer.alloc(SIZE_BYTES)));
    const route = 'route="/m/media/{mid}/content"';
    const head = `platter_http_requests_total{method="HEAD",${route},status="200"}`;
    const grown = await growth(async () => {
      await scene.root.read(mid);
      await scene.root.read(mid, { range: 'bytes=10-19' });
      await scene.root.read(mid, {}, 'HEAD');
    });
    expect(grown(`platter_http_requests_total{method="GET",${route},status="200"}`)).toBe(1);
    expect(grown(`platter_http_requests_total{method="GET",${route},status="206"}`)).toBe(1);
    expect(grown(head)).toBe(1);
    expect(grown(`platter_http_sent_bytes_total{${route}}`)).toBe(SIZE_BYTES + 10);
  });

  it('count an error under its status and its code', async () => {
    const series = 'platter_http_requests_total{method="PUT",route="/m/media/upload",status="406"}';
    const grown = await growth(async () => scene.root.upload(order(), Buffer.alloc(CAPACITY_BYTES + 1)));
    expect(grown(series)).toBe(1);
    expect(grown('platter_http_failures_total{code="quota-exceeded"}')).toBe(1);
    expect(grown(`platter_http_requests_total${upload}`)).toBe(0);
    expect(grown('platter_http_failures_total{code="unexpected"}')).toBe(0);
  });

  it('count logins that fail, in both dialects', async () => {
    const series = 'platter_http_requests_total{method="POST",route="/u/auth",status="403"}';
    const grown = await growth(async () => {
      const credentials = { name: freshName('unknown'), password: 'wrong' };
      const basic = Buffer.from(`${freshName('unknown')}:wrong`).toString('base64');
      const headers = { authorization: `Basic ${basic}` };
      await send(scene.platter.url, { method: 'GET', path: '/api/2.0/drives/', headers });
      await new Client(scene.platter.url, '').call('POST /u/auth', credentials);
    });
    expect(grown(series)).toBe(1);
    expect(grown('platter_http_requests_total{method="GET",route="/api/2.0",status="401"}')).toBe(1);
    expect(grown('platter_http_failures_total{code="wrong-credentials"}')).toBe(2);
  });

  it('count calls of the CloudSigma dialect under the patterns of its routes', async () => {
    const headers = { authorization: `Basic ${Buffer.from(`root:${ROOT_PASSWORD}`).toString('base64')}` };
    const series = 'platter_http_requests_total{method="GET",route="/api/2.0/drives/{uuid}/",status="404"}';
    const path = `/api/2.0/drives/${NO_MEDIA}/`;
    const grown = await growth(async () => send(scene.platter.url, { method: 'GET', path, headers }));
    expect(grown(series)).toBe(1);
  });

  it('count uploads in progress, and those that found no slot', async () => {
    const { url } = scene.platter;
    const [activeUploads, bytes] = [
      'platter_uploads_in_progress',
      'platter_http_received_bytes_total{route="/m/media/upload"}',
    ];
    const before = await scrape(url);
    expect([before.value(activeUploads), before.value('platter_uploads_limit')]).toEqual([0, 1]);
    const connection = await beginUpload(scene.root, order(), SIZE_BYTES);
    await connection.send(Buffer.alloc(SIZE_BYTES / 2));
    const during = await until('half of it has arrived', async () => {
      const now = await scrape(url);
      return now.value(bytes) === before.value(bytes) + SIZE_BYTES / 2 && now;
    });
    expect(during.value(activeUploads)).toBe(1);

    expect((await scene.root.upload(order(), 'more')).status).toBe(503);
    expect((await scrape(url)).value('platter_uploads_rejected_total')).toBe(1);
    await connection.send(Buffer.alloc(SIZE_BYTES / 2));
    expect((await connection.answer()).status).toBe(200);
    await until('no upload is in progress', async () => (await scrape(url)).value(activeUploads) === 0);
  });

  it('report the state of pools, database, chores and event loop', async () => {
    const seen = await scrape(scene.platter.url);
    expect(seen.value('platter_pool_usable{pool="7"}')).toBe(1);
    expect(seen.value('platter_pool_capacity_bytes{pool="7"}')).toBe(CAPACITY_BYTES);
    expect(seen.value('platter_database_up')).toBe(1);
    expect(seen.value('platter_ready')).toBe(1);
    expect(seen.value('platter_database_connections_limit')).toBe(20);
    expect(seen.values.has('platter_jobs{state="waiting"}')).toBe(true);
    expect(seen.values.has('nodejs_eventloop_lag_p99_seconds{}')).toBe(true);
    const sweeps = 'platter_chore_passes_total{chore="sweep",outcome="done"}';
    await until(
      'another sweep is counted',
      async () => (await scrape(scene.platter.url)).value(sweeps) > seen.value(sweeps),
    );
  });

  it('get no series for unknown paths and methods', async () => {
    const { url } = scene.platter;
    async function ask(): Promise<void> {
      const random = Math.random().toString(36).slice(2);
      const paths = [
        `/${random}`,
        `/m/media/${random}/content`,
        `/api/2.0/${random}/`,
        `/m/${random}%E0%A4`,
        `/u/user?${random}=1`,
      ];
      await Promise.all(paths.map(async (path) => send(url, { method: 'GET', path })));
      await Promise.all(['PROPFIND', 'PURGE'].map(async (method) => send(url, { method, path: `/${random}` })));
    }
    const total = ({ values }: Scrape): number =>
      [...values].reduce((sum, [key, value]) => sum + (key.startsWith('platter_http_requests_total') ? value : 0), 0);
    await ask();
    const before = await scrapeWhenIdle();
    for (let round = 0; round < 15; round += 1) await ask();
    const after = await scrapeWhenIdle();
    expect(total(after)).toBeGreaterThanOrEqual(total(before) + 105);
    expect(ownSeries(after)).toEqual(ownSeries(before));
  });

  it('have no labels but routes, codes and pool ids', async () => {
    const { text } = await scrape(scene.platter.url);
    for (const secret of ['a name that must', ROOT_PASSWORD, scene.root.authkey, 'unknown ', 'media ', 'postgres:']) {
      expect(text.replace(/^#.*$/gm, '')).not.toContain(secret);
    }
  });
});

function ownSeries({ values }: Scrape): readonly string[] {
  return [...values.keys()].filter((key) => key.startsWith('platter_')).sort();
}
