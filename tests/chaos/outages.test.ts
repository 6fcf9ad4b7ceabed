import { openDatabaseProxy, type DatabaseProxy } from '../acceptance/velocity/database-proxy.ts';
import { freshName, send, type Client } from '../support/http/client.ts';
import type { Platter } from '../support/program/platter.ts';
import { until } from '../support/waiting/until.ts';
import { startReplicas, type Replicas } from './replicas.ts';
import { beginUpload, type UnfinishedUpload } from './unfinished-upload.ts';

const LEASE_SECONDS = 1;
const GRACE_SECONDS = 1;

describe('During a database outage longer than a lease and its grace', () => {
  let proxy: DatabaseProxy;
  let replicas: Replicas;
  beforeAll(async () => {
    replicas = await startReplicas({
      env: { PLATTER_LEASE: String(LEASE_SECONDS), PLATTER_LEASE_GRACE: String(GRACE_SECONDS) },
      proxyFor: async (url) => {
        proxy = await openDatabaseProxy(url);
        return proxy.url;
      },
    });
  });
  afterEach(() => proxy.mend());
  afterAll(async () => replicas.stop());

  /**
   * Cuts both replicas off from the database until the leases have expired and the grace has
   * passed.
   */
  async function endure(): Promise<void> {
    const { platters, records } = replicas;
    proxy.cut();
    for (const platter of platters) await until('the sweeper fails', () => isSweepingInVain(platter));
    await until('lease and grace are over', async () => {
      const ended = `lease_until < clock_timestamp() - make_interval(secs => ${GRACE_SECONDS})`;
      return (await records.rows(`select id from media where ${ended}`)).length > 0;
    });
  }

  /**
   * Tells whether the last sweep failed. The log has one line when sweeps begin to fail and one
   * when they succeed again.
   */
  function isSweepingInVain({ log }: Platter): boolean {
    const last = log.findLast(({ msg }) => msg.startsWith('sweeping '));
    return last?.msg.startsWith('sweeping failed') === true;
  }

  async function expectFinished({ answer, mid, bytes }: UnfinishedUpload, root: Client): Promise<void> {
    expect(await answer).toMatchObject({ status: 200, body: { mid, size: bytes.length } });
    expect(await replicas.poolFixtures.get(1)!.bytes(mid)).toEqual(bytes);
    await root.ask('DELETE /m/media', { mid });
  }

  it('an upload continues, and can be finished when the database is back', async () => {
    const [root] = replicas.roots;
    const upload = await beginUpload(replicas, root);
    await endure();
    upload.throttledBody.open(upload.bytes.length - 1);
    proxy.mend();
    await until('the lease is renewed', async () => {
      const rows = await replicas.records.rows('select id from media where lease_until > clock_timestamp()');
      return rows.length === 1;
    });
    upload.throttledBody.open();
    await expectFinished(upload, root);
  });

  it('an upload that ends just as the database returns is finished too', async () => {
    const [root] = replicas.roots;
    const upload = await beginUpload(replicas, root);
    await endure();
    proxy.mend();
    upload.throttledBody.open();
    await expectFinished(upload, root);
  });

  it('an upload that ends meanwhile is answered 503 with Retry-After, and leaves nothing', async () => {
    const { roots, records, poolFixtures } = replicas;
    const upload = await beginUpload(replicas, roots[0]);
    await endure();
    upload.throttledBody.open();
    const answer = await upload.answer;
    expect(answer).toMatchObject({ status: 503, body: { code: 301 } });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    proxy.mend();
    await until('it is swept', async () => (await records.rows('select id from media')).length === 0);
    expect(await records.rows('select * from usage_drift')).toEqual([]);
    const again = await roots[1].upload({ group: 0, name: upload.name }, upload.bytes);
    expect(again.status).toBe(200);
    const { mid } = again.body as { mid: string };
    expect(await poolFixtures.get(1)!.bytes(mid)).toEqual(Buffer.from(upload.bytes));
    await roots[1].ask('DELETE /m/media', { mid });
  });

  it('every call is answered 503 with Retry-After, and readiness names the database', async () => {
    proxy.cut();
    for (const { url, call } of replicas.roots.map((root) => ({ url: root.url, call: root.call.bind(root) }))) {
      const answers = [
        await call('POST /m/pool/list', { gid: 0 }),
        await call('PUT /m/media/create', { gid: 0, mpid: 1, name: freshName('media'), size: 1 }),
        await call('PUT /u/group', { parent_gid: 0, name: freshName('group') }),
      ];
      for (const answer of answers) {
        expect(answer).toMatchObject({ status: 503, body: { code: 301 } });
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      }
      const ready = await send(url, { method: 'GET', path: '/readyz' });
      expect(ready).toMatchObject({ status: 503, body: { database: 'unusable' } });
    }
    proxy.mend();
    for (const root of replicas.roots) await root.ask('POST /m/pool/list', { gid: 0 });
    expect(await replicas.records.rows('select id from media')).toEqual([]);
  });
});
