import { Client, freshName, logIn, sendAnywhere } from '../../support/http/client.ts';
import { scrape } from '../../support/http/scrape.ts';
import type { Platter } from '../../support/program/platter.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import type { RawConnection } from '../../support/http/raw-http.ts';
import { openTestBucket } from '../../support/s3/test-bucket.ts';
import { until } from '../../support/waiting/until.ts';
import { beginUpload } from '../../acceptance/velocity/raw-upload.ts';
import { mediaOf, midOf, openScene, startReplica, untilAdmitted, type Scene } from '../../acceptance/velocity/scene.ts';

const BYTES = Buffer.alloc(100_000, 'bytes of media');
const LEASE_SECONDS = 2;
const ENV = {
  PLATTER_LEASE: String(LEASE_SECONDS),
  PLATTER_LEASE_GRACE: '1',
  PLATTER_S3_REDIRECTS: 'true',
  PLATTER_S3_SETTLE: '1',
};

/**
 * Returns the environment of a program whose `Date` is wrong by `hours`. Other processes and
 * monotonic clocks keep the right time. Needs no compiler and no root.
 */
function clockOff(hours: number): Readonly<Record<string, string>> {
  const source = `const R=Date,by=${hours * 3_600_000};globalThis.Date=class Date extends R{
    constructor(...a){if(a.length===0)super(R.now()+by);else super(...a)}static now(){return R.now()+by}}`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(source)}` };
}

describe('A replica whose clock is wrong', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene({ bucket: await openTestBucket(), env: ENV });
  });

  async function begin(client: Client): Promise<{ readonly name: string; readonly connection: RawConnection }> {
    const name = freshName('media');
    const connection = await beginUpload(client, { group: 0, name }, BYTES.length);
    await connection.send(BYTES.subarray(0, 1000));
    await untilAdmitted(scene, name);
    return { name, connection };
  }

  /** Resolves once the sweeper ran long enough to judge leases, and a few times more. */
  async function untilSwept({ url }: Platter): Promise<void> {
    const passes = async () => (await scrape(url)).value('platter_chore_passes_total{chore="sweep",outcome="done"}');
    const before = await passes();
    await until('it sweeps', async () => (await passes()) >= before + LEASE_SECONDS + 3);
  }

  async function now(): Promise<number> {
    const [row] = await rowsOf(scene.platter.database.url, 'select extract(epoch from now())::float as now');
    return row!.now as number;
  }

  it.each([
    ['ahead', 5],
    ['behind', -5],
  ])('by hours (%s) sweeps no live upload and accepts no expired authkey', async (_, hours) => {
    const { platter, root } = scene;
    const begunBefore = await begin(root);
    const wrong = await startReplica(scene, { ...ENV, ...clockOff(hours) });
    const [firstLogTime] = wrong.log.map(({ time }) => Date.parse(String(time)));
    expect(Math.round((firstLogTime! - Date.now()) / 3_600_000)).toBe(hours);

    const [ours, theirs] = [new Client(wrong.url, root.authkey), await logIn(wrong.url)];
    const [one, other] = [await begin(ours), await begin(theirs)];
    await Promise.all([wrong, platter].map(untilSwept));
    for (const { name, connection } of [begunBefore, one, other]) {
      await connection.send(BYTES.subarray(1000));
      const mid = midOf(await connection.answer());
      expect((await mediaOf(scene, 0)).map((media) => media.name)).toContain(name);
      await expectRedirected(theirs, mid);
      await new Client(platter.url, theirs.authkey).ask('DELETE /m/media', { mid });
    }

    const { expires } = await theirs.ask<{ expires: number }>('PATCH /u/auth', {
      authkey: (await logIn(wrong.url)).authkey,
    });
    const left = expires - (await now());
    expect([left > 0, left <= 601]).toEqual([true, true]);
    await rowsOf(platter.database.url, `update authkeys set expires_at = now() - interval '1 second'`);
    expect((await ours.call('POST /u/group/list')).status).toBe(401);
    scene = { platter, root: await logIn(platter.url) };
    await wrong.stop();
  });

  /** The signature of the address is judged by the clock of the S3 server. */
  async function expectRedirected(client: Client, mid: string): Promise<void> {
    const { status, headers } = await client.read(mid);
    expect(status).toBe(307);
    const { origin, host, pathname, search } = new URL(headers.location!);
    const found = await sendAnywhere(origin, { method: 'GET', path: pathname + search, headers: { host } });
    expect([found.status, found.bytes.equals(BYTES)]).toEqual([200, true]);
  }
});
