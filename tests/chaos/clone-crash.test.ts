import { randomBytes } from 'node:crypto';
import { rowsOf } from '../support/database/test-database.ts';
import type { Platter } from '../support/program/platter.ts';
import { PARTIAL } from '../support/fixtures/pool-fixture.ts';
import { until } from '../support/waiting/until.ts';
import { startReplica } from '../acceptance/velocity/scene.ts';
import { Cloud, openCloud, createUser, type CloudScene, type Listed } from '../acceptance/cloudsigma/cloud.ts';
import { ONE_POOL } from '../acceptance/cloudsigma/provocations.ts';

/** Slow enough to be killed in the middle: the copy takes two seconds. */
const SLOW = { PLATTER_COPY_RATE: '2000000', PLATTER_LEASE: '1', PLATTER_LEASE_GRACE: '0' };
const CONTENT = randomBytes(4_000_000);

describe('A clone whose replica is killed', () => {
  let scene: CloudScene;
  let ann: Cloud;
  beforeEach(async () => {
    scene = await openCloud({ poolsFile: ONE_POOL, env: SLOW });
    ({ cloud: ann } = await createUser(scene));
  });

  /**
   * Begins a clone and kills the program once some of its bytes are stored. Returns the ids of
   * source, clone and job.
   */
  async function killInTheMiddle(): Promise<{ readonly source: string; readonly uuid: string; readonly job: string }> {
    const { text: source } = await ann.send('POST /drives/upload/', CONTENT);
    const { objects } = await ann.ask<Listed<{ uuid: string; jobs: readonly { uuid: string }[] }>>(
      `POST /drives/${source}/action/?do=clone`,
    );
    const { uuid, jobs } = objects[0]!;
    await until('some of it is copied', async () => {
      const stored = await scene.platter.stored();
      return stored.some(([name]) => name === `${PARTIAL}${uuid}`);
    });
    await scene.platter.kill('SIGKILL');
    return { source, uuid, job: jobs[0]!.uuid };
  }

  /**
   * Fails unless this program finishes the clone under the same job, with the bytes of its source.
   */
  async function expectFinished(platter: Platter, { source, uuid, job }: Awaited<ReturnType<typeof killInTheMiddle>>) {
    const again = new Cloud(platter.url, ann.name, ann.password);
    await until('the clone is ready', async () => (await again.get(uuid)).status === 'unmounted');
    expect(await again.ask(`GET /jobs/${job}/`)).toMatchObject({ state: 'success', data: { progress: 100 } });
    const [clone, original] = await Promise.all(
      [uuid, source].map(async (one) => again.send(`GET /drives/${one}/download/`)),
    );
    expect(clone!.text).toBe(original!.text);
    const [{ attempts } = { attempts: 0 }] = await rowsOf(scene.platter.database.url, 'select attempts from jobs');
    expect(attempts).toBe(2);
  }

  it('is finished by the next program on the same data, which leaves no partial file', async () => {
    const begun = await killInTheMiddle();
    await scene.platter.restart();
    await expectFinished(scene.platter, begun);
    expect((await scene.platter.stored()).filter(([name]) => name.startsWith(PARTIAL))).toEqual([]);
  });

  it('is taken over by another replica', async () => {
    const begun = await killInTheMiddle();
    const other = await startReplica(scene, SLOW);
    await expectFinished(other, begun);
    await other.stop();
  });
});
