import { freshName } from '../support/http/client.ts';
import { expectProblem } from '../acceptance/native/native-client.ts';
import { openScene, type Scene } from '../acceptance/velocity/scene.ts';
import { openMediaScene, type MediaScene } from '../acceptance/native/media-scene.ts';
import { startDnsServer, type DnsServer } from '../support/sources/dns-server.ts';
import { FileServer, LongContent } from '../support/sources/file-server.ts';
import { gate } from '../support/waiting/gate.ts';
import { until } from '../support/waiting/until.ts';

const MIB = 1_048_576;

interface Job {
  readonly id: string;
  readonly state: string;
  readonly phase: string | null;
  readonly failure: string | null;
}

/** A program with settings for imports, and its source. */
class Depot {
  readonly scene: Scene;
  readonly source: FileServer;
  readonly media: MediaScene;

  private constructor(scene: Scene, source: FileServer, media: MediaScene) {
    this.scene = scene;
    this.source = source;
    this.media = media;
  }

  static async open(env: Readonly<Record<string, string>>): Promise<Depot> {
    const source = await FileServer.open();
    const scene = await openScene({ env: { ...source.settings, ...env } });
    return new Depot(scene, source, await openMediaScene(scene));
  }

  async close(): Promise<void> {
    await this.scene.platter.stop();
    await this.source.close();
  }

  order(url: string): object {
    return { url, group: this.media.group, name: freshName('import') };
  }

  async begin(url: string): Promise<Job> {
    return this.media.owner.ask<Job>('POST /imports', this.order(url));
  }

  async job({ id }: Job): Promise<Job> {
    return this.media.owner.ask<Job>(`GET /jobs/${id}`);
  }

  async ended(job: Job): Promise<Job> {
    return until('the import ends', async () => {
      const found = await this.job(job);
      return found.state === 'running' ? null : found;
    });
  }
}

describe('The settings of imports', () => {
  it('PLATTER_IMPORTS bounds those at once, and half of them are for one tenant', async () => {
    const depot = await Depot.open({ PLATTER_IMPORTS: '4' });
    const { source } = depot;
    const released = gate();
    let [running, peak] = [0, 0];
    const url = source.serve('/disk.img', new LongContent(1000), {
      onRequest: async () => {
        peak = Math.max(peak, (running += 1));
        await released.opened;
        running -= 1;
      },
    });
    const jobs: Job[] = [];
    for (let at = 0; at < 5; at += 1) jobs.push(await depot.begin(url));
    await until('two are requested', () => running === 2);
    const phases = await Promise.all(jobs.map(async (job) => (await depot.job(job)).phase));
    expect(phases.filter((phase) => phase === 'connecting')).toHaveLength(2);
    expect(phases.filter((phase) => phase === null)).toHaveLength(3);
    released.open();
    for (const job of jobs) expect(await depot.ended(job)).toMatchObject({ state: 'done' });
    expect(peak).toBe(2);
    await depot.close();
  });

  it('PLATTER_IMPORT_RATE bounds the bytes of each second', async () => {
    const depot = await Depot.open({ PLATTER_IMPORT_RATE: String(MIB) });
    const url = depot.source.serve('/disk.img', new LongContent(4 * MIB));
    const begun = performance.now();
    const jobs = [await depot.begin(url), await depot.begin(url)];
    for (const job of jobs) expect(await depot.ended(job)).toMatchObject({ state: 'done' });
    // Eight seconds at this rate; a part may pass at once.
    expect(performance.now() - begun).toBeGreaterThan(6000);
    await depot.close();
  });

  it('PLATTER_IMPORT=off refuses new imports with the reason, and ends those that wait', async () => {
    const depot = await Depot.open({ PLATTER_IMPORT: 'off' });
    const url = depot.source.serve('/disk.img', new LongContent(1000));
    const answer = await depot.media.owner.call('POST /imports', depot.order(url));
    expectProblem(answer, 403, 'imports-off');
    expect(answer.body).toMatchObject({ detail: expect.stringMatching(/imports/i) as string });
    expect(depot.source.requests).toEqual([]);
    await depot.close();
  });

  describe('that say what they may reach', () => {
    let dns: DnsServer;
    beforeAll(async () => {
      dns = await startDnsServer();
      dns.set('mirror.example', ['127.0.0.1']);
      dns.set('other.example', ['127.0.0.1']);
      dns.set('sub.images.example', ['127.0.0.1']);
    });
    afterAll(async () => dns.close());

    const at = (host: string, { source }: Depot): string => `http://${host}:${source.port}/disk.img`;

    it('PLATTER_IMPORT_HOSTS and _DNS: only hosts that match, as that server resolves them', async () => {
      const hosts = 'mirror.example,*.images.example';
      const depot = await Depot.open({ PLATTER_IMPORT_HOSTS: hosts, PLATTER_IMPORT_DNS: dns.address });
      depot.source.serve('/disk.img', new LongContent(1000));
      for (const host of ['mirror.example', 'MIRROR.example.', 'sub.images.example']) {
        expect(await depot.ended(await depot.begin(at(host, depot)))).toMatchObject({ state: 'done' });
      }
      for (const host of ['other.example', 'images.example', '127.0.0.1', 'mirror.example.evil.example']) {
        const answer = await depot.media.owner.call('POST /imports', depot.order(at(host, depot)));
        expectProblem(answer, 400, 'url-invalid');
      }
      expect(dns.questions).not.toContain('A other.example');
      expect(depot.source.requests).toHaveLength(3);
      await depot.close();
    });

    it('PLATTER_IMPORT_NETWORKS: without it no address that is not public, with one sentence', async () => {
      const depot = await Depot.open({ PLATTER_IMPORT_NETWORKS: '', PLATTER_IMPORT_DNS: dns.address });
      depot.source.serve('/disk.img', new LongContent(1000));
      const failures = new Set<string>();
      for (const host of ['127.0.0.1', 'other.example', 'nowhere.example', '2130706433', '[::ffff:7f00:1]']) {
        const { failure, ...job } = await depot.ended(await depot.begin(at(host, depot)));
        expect(failure).toBe('source-unreachable');
        failures.add(JSON.stringify((job as Record<string, unknown>).failure_detail));
      }
      expect(failures.size).toBe(1);
      expect(depot.source.requests).toEqual([]);
      await depot.close();
    });
  });
});
