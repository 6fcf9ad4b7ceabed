import { rowsOf } from '../../support/database/test-database.ts';
import { until } from '../../support/waiting/until.ts';
import { makeUser, openScene, startReplica, type Scene } from '../velocity/scene.ts';
import { expectProblem, NativeClient } from './native-client.ts';

interface System {
  readonly version: string;
  readonly replicas: readonly { readonly id: string; readonly version: string }[];
  readonly pools: readonly { readonly id: number; readonly used_bytes: number }[];
  readonly [field: string]: unknown;
}

let scene: Scene;
let root: NativeClient;
beforeAll(async () => {
  scene = await openScene();
  root = NativeClient.by(scene.root);
});

const system = async (): Promise<System> => root.ask<System>('GET /system');

/** A program reports that it runs soon after its start. */
async function withReplicas(count: number): Promise<System | null> {
  const view = await system();
  return view.replicas.length === count ? view : null;
}

describe('GET /v1/system', () => {
  it('shows the program, its database, its pools and its replicas', async () => {
    const order = { gid: 0, mpid: 1, name: 'disk', size: 1000 };
    await scene.root.ask('PUT /m/media/create', order);
    const view = await until('the program is seen', async () => withReplicas(1));
    expect(view).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      uptime_seconds: expect.any(Number) as number,
      database: { version: expect.stringMatching(/^\d+/) as string },
      pools: [{ id: 1, usable: true, capacity_bytes: null, used_bytes: 1000, damaged: 0 }],
      replicas: [{ version: view.version }],
      uploads: { open: 0, received_bytes: 0 },
      jobs: { waiting: 0, running: 0 },
      last_doctor: null,
      last_scrub: null,
    });
    const replica = await startReplica(scene);
    await until('the other program is seen', async () => withReplicas(2));
    await replica.stop();
  });

  it('shows the last examinations, and no replica that was not seen for a minute', async () => {
    const { url } = scene.platter.database;
    await rowsOf(url, `insert into examinations values ('doctor', '2026-01-01T00:00:00Z', 'findings', 2)`);
    await rowsOf(url, `insert into replicas values (gen_random_uuid(), '0', now(), now() - interval '61 seconds')`);
    const { last_doctor: doctor, last_scrub: scrub, replicas } = await system();
    expect(doctor).toEqual({ ended_at: '2026-01-01T00:00:00.000Z', result: 'findings', findings: 2 });
    expect(scrub).toBeNull();
    expect(replicas.map(({ version }) => version)).not.toContain('0');
  });

  it('is for those who administer the installation', async () => {
    const operator = NativeClient.by((await makeUser(scene, 0, 'velocity.user.assign')).client);
    expect((await operator.call('GET /system')).status).toBe(200);
    const other = NativeClient.by((await makeUser(scene, 0, 'velocity.user.view')).client);
    expectProblem(await other.call('GET /system'), 403, 'permission-missing');
    const { token } = await root.ask<{ token: string }>('POST /tokens', { name: 'x', scope: 'admin', groups: [1] });
    const script = NativeClient.withBearer(scene.platter.url, token);
    expectProblem(await script.call('GET /system'), 403, 'permission-missing');
  });
});
