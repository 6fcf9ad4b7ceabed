import { freshName } from '../support/http/client.ts';
import { beginReading, isReadToTheEnd } from '../support/http/stalled-reader.ts';
import { scrape } from '../support/http/scrape.ts';
import { until } from '../support/waiting/until.ts';
import { NativeClient } from '../acceptance/native/native-client.ts';
import { makeAssignedGroup, openScene, startReplica } from '../acceptance/velocity/scene.ts';

const MAX_MS = 10_000;
const BODIES = 4;
const DOWNLOADS = 'platter_downloads_in_progress';

interface CreatedLink {
  readonly id: string;
  readonly url: string;
}

describe('A link', () => {
  it('ends its bodies on every replica within 10 s of its revocation, and starts no more', async () => {
    const scene = await openScene();
    const replica = await startReplica(scene);
    const root = NativeClient.by(scene.root);
    const gid = await makeAssignedGroup(scene);
    const order = { gid, mpid: 1, name: freshName('media'), size: 256 * 1024 * 1024 };
    const { mid } = await scene.root.ask<{ mid: string }>('PUT /m/media/create', order);
    const link = await root.ask<CreatedLink>(`POST /media/${mid}/links`, { expires_in: 3600 });
    const other = await root.ask<CreatedLink>(`POST /media/${mid}/links`, { expires_in: 3600 });
    const urls = [scene.platter.url, replica.url];
    const bodies = await Promise.all(
      Array.from({ length: BODIES }, async (_, at) => beginReading(`${urls[at % 2]}${link.url}`)),
    );
    const kept = await beginReading(`${replica.url}${other.url}`);
    expect([...bodies, kept].map(({ statusCode }) => statusCode)).toEqual(Array(BODIES + 1).fill(200));

    const begun = performance.now();
    const revoked = root.ask(`DELETE /media/${mid}/links/${link.id}`);
    const racing = Array.from({ length: BODIES }, async (_, at) => beginReading(`${urls[at % 2]}${link.url}`));
    await revoked;
    const started = await Promise.all(racing);
    await until('the replicas serve only the other link', async () => {
      const running = await Promise.all(urls.map(async (url) => (await scrape(url)).value(DOWNLOADS)));
      return running[0] === 0 && running[1] === 1;
    });
    expect(performance.now() - begun).toBeLessThan(MAX_MS);
    for (const body of [...bodies, ...started]) {
      expect(await isReadToTheEnd(body)).toBe(body.statusCode === 404);
    }
    for (const url of urls) expect((await beginReading(`${url}${link.url}`)).statusCode).toBe(404);
    expect(await isReadToTheEnd(kept)).toBe(true);
    await root.ask(`DELETE /media/${mid}?permanent=true`);
  });
});
