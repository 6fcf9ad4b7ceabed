import type { SyncReport } from '../../../src/application/library/sync-library.ts';
import type { LibraryEntry } from '../../../src/domain/library/library-drive.ts';
import { ROOT_GROUP, type MediaId } from '../../../src/domain/shared/ids.ts';
import { NEVER } from '../../support/files/byte-sources.ts';
import { openDepotFixture, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';
import { libraryEntry } from '../../support/fixtures/library-drives.ts';
import { openLibraryFixture, type LibraryFixture } from '../../support/fixtures/library-fixture.ts';
import { LongContent, FileServer } from '../../support/sources/file-server.ts';
import { localSource } from '../../support/sources/local-source.ts';
import { gate } from '../../support/waiting/gate.ts';

const CONTENT = new LongContent(300_000);
const OTHER = new LongContent(70_000);
const QUIET = { unchanged: 0, updated: 0, published: 0, withdrawn: 0, faults: [] };
const ID = '1c5f5c1e-1234-4000-8000-000000000002' as MediaId;

describe('A library drive from a URL', () => {
  let depot: DepotFixture;
  let server: FileServer;
  let library: LibraryFixture;
  beforeEach(async () => {
    depot = await openDepotFixture();
    server = await FileServer.open();
    library = await openLibraryFixture(depot, { importSource: localSource({ ports: [server.port] }) });
  });
  afterEach(async () => {
    await server.close();
    await depot.close();
  });

  const entryAt = (url: string, content = CONTENT, id: MediaId | null = null): LibraryEntry =>
    libraryEntry({ id, sha256: content.digest(), source: { kind: 'url', url } });

  async function sync(entry: LibraryEntry, { sync }: LibraryFixture = library): Promise<SyncReport> {
    return sync.run({ licences: [], entries: [entry] }, () => undefined, NEVER);
  }

  async function expectContent(content: LongContent): Promise<void> {
    const [drive] = await library.published();
    expect((await depot.content(drive!.id)).equals(content.whole())).toBe(true);
    expect(await depot.used(ROOT_GROUP)).toBe(content.size);
    expect(await depot.files()).toEqual([drive!.id]);
  }

  async function expectFault(report: SyncReport, reason: string, mayPass: boolean): Promise<void> {
    expect(report).toEqual({ ...QUIET, faults: [{ name: 'Harbour Linux', reason, mayPass }] });
    await depot.expectNothing();
  }

  it('is published with the bytes at the URL, whose query is in no row', async () => {
    const url = server.serve('/harbour.img', CONTENT);
    expect(await sync(entryAt(`${url}?token=secret`))).toEqual({ ...QUIET, published: 1 });
    await expectContent(CONTENT);
    const origin = await depot.depot.rows('select provenance, source_url, source_checksum from media');
    const checksum = `sha256:${CONTENT.digest()}`;
    expect(origin).toEqual([{ provenance: 'import', source_url: `${url}?…`, source_checksum: checksum }]);
  });

  it('is published although the connection breaks', async () => {
    const url = server.serve('/harbour.img', CONTENT, { breaksEvery: 100_000 });
    expect(await sync(entryAt(url))).toEqual({ ...QUIET, published: 1 });
    await expectContent(CONTENT);
    expect(server.requests.map(({ range }) => range)).toEqual([null, 'bytes=100000-', 'bytes=200000-']);
    expect(server.sent).toBe(CONTENT.size);
  });

  it('is not requested again while its SHA-256 stays, whatever its URL becomes', async () => {
    await sync(entryAt(server.serve('/harbour.img', CONTENT)));
    expect(await sync(entryAt(server.serve('/mirror/harbour.img', CONTENT)))).toEqual({ ...QUIET, unchanged: 1 });
    expect(server.requests).toHaveLength(1);
  });

  it('is replaced when its SHA-256 changes, once the new bytes are stored', async () => {
    const url = server.serve('/harbour.img', CONTENT);
    await sync(entryAt(url));
    const [before] = await library.published();
    expect((await sync(entryAt(url, OTHER))).faults).toHaveLength(1);
    expect(await library.published()).toEqual([before]);

    server.serve('/harbour.img', OTHER);
    expect(await sync(entryAt(url, OTHER))).toEqual({ ...QUIET, published: 1 });
    expect((await library.published())[0]!.id).not.toBe(before!.id);
    await expectContent(OTHER);
  });

  it('is requested once in a pass while its server is away, and published by a later one', async () => {
    const url = server.serve('/harbour.img', CONTENT);
    const { port } = server;
    await server.close();
    await expectFault(await sync(entryAt(url)), 'its URL cannot be reached, or may not be imported from', true);
    server = await FileServer.open(port);
    server.serve('/harbour.img', CONTENT);
    expect(await sync(entryAt(url))).toEqual({ ...QUIET, published: 1 });
    await expectContent(CONTENT);
  });

  it('is published from the beginning by the next pass when a source without a validator breaks off', async () => {
    const url = server.serve('/harbour.img', CONTENT, { etag: null, breaksEvery: 100_000 });
    const reason = 'the server of its URL broke off: received 100000 of 300000 bytes';
    await expectFault(await sync(entryAt(url)), reason, true);
    server.serve('/harbour.img', CONTENT, { etag: null });
    expect(await sync(entryAt(url))).toEqual({ ...QUIET, published: 1 });
    await expectContent(CONTENT);
  });

  it('leaves nothing of bytes with another SHA-256', async () => {
    const report = await sync(entryAt(server.serve('/harbour.img', OTHER)));
    await expectFault(report, `its SHA-256 is ${OTHER.digest()}, not ${CONTENT.digest()}`, false);
  });

  it('names the status of a server that refuses it, and never the query', async () => {
    const report = await sync(entryAt(`http://127.0.0.1:${server.port}/missing.img?token=secret`));
    await expectFault(report, 'the server of its URL responded with status 404', false);
  });

  it('needs a server that tells the length', async () => {
    const url = server.serve('/harbour.img', CONTENT, { tellsLength: false });
    await expectFault(await sync(entryAt(url)), 'the server of its URL does not tell its length', false);
  });

  it('reaches only networks that imports may reach', async () => {
    const guarded = await openLibraryFixture(depot, {
      importSource: localSource({ ports: [server.port], networks: [] }),
    });
    const report = await sync(entryAt(server.serve('/harbour.img', CONTENT)), guarded);
    await expectFault(report, 'its URL cannot be reached, or may not be imported from', true);
    expect(server.requests).toEqual([]);
  });

  it('is not fetched where imports are switched off', async () => {
    const off = await openLibraryFixture(depot, {
      importSource: localSource({ ports: [server.port] }),
      importsAreOn: false,
    });
    const report = await sync(entryAt(server.serve('/harbour.img', CONTENT)), off);
    await expectFault(report, 'it has a "url", and PLATTER_IMPORT switches imports off', false);
    expect(server.requests).toEqual([]);
  });

  it('is fetched once by replicas that start together', async () => {
    const other = await openLibraryFixture(depot, { importSource: localSource({ ports: [server.port] }) });
    const entry = entryAt(server.serve('/harbour.img', CONTENT), CONTENT, ID);
    const reports = await Promise.all([library, other].map(async (each) => sync(entry, each)));
    expect(reports.flatMap(({ faults }) => faults)).toEqual([]);
    expect(server.requests).toHaveLength(1);
    await expectContent(CONTENT);
  });

  it('leaves nothing when the program stops meanwhile', async () => {
    const begun = gate();
    const url = server.serve('/harbour.img', CONTENT, {
      pause: { at: 100_000, until: async () => (begun.open(), new Promise(() => undefined)) },
    });
    const stop = new AbortController();
    const stopped = library.sync.run(
      { licences: [], entries: [entryAt(url, CONTENT, ID)] },
      () => undefined,
      stop.signal,
    );
    await begun.opened;
    stop.abort(new Error('stopped'));
    await expect(stopped).rejects.toThrow('stopped');
    await depot.expectNothing();
  });

  it('is fetched after the drives whose bytes are here', async () => {
    const order: string[] = [];
    const url = server.serve('/harbour.img', CONTENT, {
      onRequest: async () => Promise.resolve(order.push('request')),
    });
    const here = await library.declare(OTHER.whole(), { facts: { name: 'here' } });
    await library.sync.run(
      { licences: [], entries: [entryAt(url), here] },
      () => undefined,
      NEVER,
      () => {
        order.push('before imports');
      },
    );
    expect(order).toEqual(['before imports', 'request']);
    expect((await library.published()).map(({ facts }) => facts.name)).toEqual(['here', 'Harbour Linux']);
  });
});
