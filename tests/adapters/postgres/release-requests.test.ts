import { randomUUID } from 'node:crypto';
import { ReleaseRequests } from '../../../src/adapters/postgres/release-requests.ts';
import type { InstanceId } from '../../../src/domain/shared/ids.ts';
import type { UploadId } from '../../../src/domain/uploads/upload.ts';
import { openProxy, type BreakableProxy } from '../../support/database/breakable-proxy.ts';
import { openTestDepot, type TestDepot } from '../../support/fixtures/test-depot.ts';
import { until } from '../../support/waiting/until.ts';

const [HOLDER, OTHER] = [randomUUID(), randomUUID()] as [InstanceId, InstanceId];
const CHANNEL = 'platter_upload_release';

describe('Requests for the release of an upload', () => {
  let depot: TestDepot;
  let proxy: BreakableProxy;
  let requests: ReleaseRequests;
  let heard: UploadId[];
  beforeEach(async () => {
    depot = await openTestDepot();
    proxy = await openProxy(depot.url);
    heard = [];
    requests = new ReleaseRequests(proxy.url, HOLDER, (id) => heard.push(id));
    requests.start();
    await untilHeard();
  });
  afterEach(async () => {
    await requests.stop();
    await proxy.close();
    await depot.close();
  });

  const notify = async (...words: readonly string[]): Promise<unknown> =>
    depot.rows(`select pg_notify('${CHANNEL}', '${words.join(' ')}')`);

  async function untilHeard(): Promise<void> {
    const id = randomUUID();
    await until('a request is heard', async () => {
      await notify(id, HOLDER);
      return heard.includes(id as UploadId);
    });
  }

  it('are heard by the process that they name, and by no other', async () => {
    const [one, another] = [randomUUID(), randomUUID()];
    await notify(one, OTHER);
    await notify(one);
    await notify('no-id', HOLDER);
    await notify(another, HOLDER);
    await until('the last is heard', () => heard.includes(another as UploadId));
    expect(heard).not.toContain(one);
    expect(heard).not.toContain('no-id');
  });

  it('are heard again after the connection broke', async () => {
    proxy.cut();
    proxy.mend();
    await untilHeard();
  });

  it('do not keep a process from stopping while its database is silent', async () => {
    proxy.silence();
    await requests.stop();
  });
});
