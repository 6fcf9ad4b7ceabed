import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { SyncReport } from '../../../src/application/library/sync-library.ts';
import type { LibraryDrive, LibraryEntry } from '../../../src/domain/library/library-drive.ts';
import type { DeclaredLicence } from '../../../src/domain/library/licence.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { ROOT_GROUP, type InstanceId, type MediaId } from '../../../src/domain/shared/ids.ts';
import { NEVER, patterned, sha256, sourceOf } from '../../support/files/byte-sources.ts';
import { isoImage } from '../../support/images/iso-images.ts';
import { openLibraryFixture, type LibraryFixture } from '../../support/fixtures/library-fixture.ts';
import { libraryEntry, licenceNamed } from '../../support/fixtures/library-drives.ts';
import { startReplica } from '../../support/program/replica.ts';
import { ONE, openDepotFixture, orderOf, TWO, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';

const CONTENT = patterned(3_000_000);
const OTHER = patterned(70_000);
const ISO = isoImage();
const QUIET = { unchanged: 0, updated: 0, published: 0, withdrawn: 0, faults: [] };
const ID = '1c5f5c1e-1234-4000-8000-000000000001' as MediaId;

describe('SyncLibrary', () => {
  let fixture: DepotFixture;
  let libraryFixture: LibraryFixture;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    libraryFixture = await openLibraryFixture(fixture);
  });
  afterEach(async () => fixture.close());

  async function sync(
    entries: readonly LibraryEntry[],
    licences: readonly DeclaredLicence[] = [],
  ): Promise<SyncReport> {
    return libraryFixture.sync.run({ licences, entries }, () => undefined, NEVER);
  }

  it('publishes read-only items of the root group, charged to it, with their bytes', async () => {
    const disk = await libraryFixture.declare(CONTENT);
    const optical = await libraryFixture.declare(ISO, { type: 'ISO', id: ID, pool: TWO, facts: { name: 'optical' } });
    expect(await sync([disk, optical])).toEqual({ ...QUIET, published: 2 });

    const listed = await libraryFixture.published();
    expect(listed).toMatchObject([
      { type: 'DISK', size: CONTENT.length, pool: ONE, facts: disk.facts },
      { type: 'ISO', size: ISO.length, pool: TWO, id: ID, facts: optical.facts },
    ]);
    expect((await fixture.content(listed[0]!.id)).equals(CONTENT)).toBe(true);
    expect(await fixture.used(ROOT_GROUP, ONE)).toBe(CONTENT.length);
    expect(await fixture.used(ROOT_GROUP, TWO)).toBe(ISO.length);
    const stored = await fixture.depot.work.run(async (tx) => tx.media.findStored(listed[0]!.id));
    expect(stored).toMatchObject({
      media: { group: ROOT_GROUP, readOnly: true, createdBy: fixture.root.uuid },
      blob: { sha256: sha256(CONTENT) },
    });
  });

  it('does nothing if the library is as declared, without reading the files', async () => {
    const entries = [
      await libraryFixture.declare(CONTENT),
      await libraryFixture.declare(OTHER, { facts: { name: 'other' } }),
    ];
    await sync(entries);
    const before = await libraryFixture.published();
    expect(await sync(entries)).toEqual({ ...QUIET, unchanged: 2 });
    expect(await libraryFixture.published()).toEqual(before);
    expect(libraryFixture.opened).toHaveLength(2);
  });

  it('updates the facts of a drive without moving bytes', async () => {
    const entry = await libraryFixture.declare(CONTENT);
    await sync([entry]);
    const [before] = await libraryFixture.published();
    const changed = {
      ...entry,
      facts: { ...entry.facts, description: 'new' },
      licences: [{ licence: 'core', amount: 2 }],
    };
    const core = licenceNamed('core', 1);
    expect(await sync([changed], [core])).toEqual({ ...QUIET, updated: 1 });
    expect(await libraryFixture.published()).toEqual([
      { ...before, facts: changed.facts, licences: [{ licence: core, amount: 2 }] },
    ]);
    expect(libraryFixture.opened).toHaveLength(1);
  });

  it('reports its progress', async () => {
    const entry = await libraryFixture.declare(CONTENT);
    const reported: number[] = [];
    await libraryFixture.sync.run({ licences: [], entries: [entry] }, (_entry, moved) => reported.push(moved), NEVER);
    expect(reported.length).toBeGreaterThan(1);
    expect(reported).toEqual([...reported].sort((one, other) => one - other));
    expect(reported.at(-1)).toBe(CONTENT.length);
  });

  it.each<[string, (libraryFixture: LibraryFixture) => Promise<LibraryEntry>, RegExp]>([
    [
      'have another digest',
      async (libraryFixture) => libraryFixture.declare(CONTENT, { sha256: 'c'.repeat(64), facts: { name: 'bad' } }),
      new RegExp(`its SHA-256 is ${sha256(CONTENT)}, not c{64}`),
    ],
    [
      'are not an ISO image',
      async (libraryFixture) => libraryFixture.declare(CONTENT, { type: 'ISO', facts: { name: 'bad' } }),
      /its bytes are raw, not what is on a CD-ROM/,
    ],
    [
      'do not exist',
      async () => Promise.resolve(libraryEntry({ facts: { name: 'bad' } })),
      /\/nowhere cannot be read: ENOENT/,
    ],
    [
      'are a folder',
      async () => Promise.resolve(libraryEntry({ facts: { name: 'bad' }, source: { kind: 'file', path: '/' } })),
      /\/ cannot be read: it is not a regular file/,
    ],
    [
      'belong to an item that does not exist',
      async () => Promise.resolve(libraryEntry({ facts: { name: 'bad' }, source: { kind: 'media', id: ID } })),
      /media item named as its source does not exist/,
    ],
  ])(
    'does not publish bytes that %s, leaves nothing of them, and continues with the others',
    async (_what, made, reason) => {
      const good = await libraryFixture.declare(OTHER, { facts: { name: 'good' } });
      const report = await sync([await made(libraryFixture), good]);
      expect(report).toEqual({
        ...QUIET,
        published: 1,
        faults: [{ name: 'bad', reason: expect.stringMatching(reason) as string, mayPass: false }],
      });
      expect((await libraryFixture.published()).map(({ facts }) => facts.name)).toEqual(['good']);
      expect(await fixture.files()).toHaveLength(1);
      expect(await fixture.states()).toEqual(['ready']);
      expect(await fixture.used(ROOT_GROUP)).toBe(OTHER.length);
    },
  );

  it('reports that the quota is exceeded', async () => {
    await fixture.setQuota(ROOT_GROUP, bytes(100_000));
    const report = await sync([
      await libraryFixture.declare(CONTENT),
      await libraryFixture.declare(OTHER, { facts: { name: 'fits' } }),
    ]);
    expect(report.faults).toMatchObject([{ reason: 'the group has no room for 3000000 bytes, only for 100000' }]);
    expect(report.published).toBe(1);
  });

  it('reports an unreachable pool as a fault that may pass', async () => {
    const entry = await libraryFixture.declare(OTHER, { pool: TWO });
    const mount = await fixture.unmount(TWO);
    expect((await sync([entry])).faults).toMatchObject([{ mayPass: true }]);
    await mount();
    await startReplica(fixture).sweep.run();
    expect(await sync([entry])).toEqual({ ...QUIET, published: 1 });
  });

  it('withdraws a drive that left the file, and refunds its usage', async () => {
    await sync([await libraryFixture.declare(CONTENT)]);
    expect(await sync([])).toEqual({ ...QUIET, withdrawn: 1 });
    expect(await libraryFixture.published()).toEqual([]);
    await fixture.expectNothing();
  });

  it('keeps a withdrawn drive as long as it is used', async () => {
    await sync([await libraryFixture.declare(OTHER)]);
    const [{ id }] = (await libraryFixture.published()) as readonly [LibraryDrive];
    await fixture.depot.knex.raw('create table holders (media_id uuid)');
    await fixture.depot.knex.raw(`insert into holders values ('${id}')`);
    await fixture.depot.knex.raw('create or replace view library_holds as select media_id from holders');
    await sync([]);
    expect(await libraryFixture.published()).toEqual([]);
    expect((await fixture.content(id)).equals(OTHER)).toBe(true);
    await fixture.depot.knex.raw('delete from holders');
    await libraryFixture.release.run();
    await fixture.expectNothing();
  });

  it('publishes a withdrawn drive again before it is removed, with its bytes', async () => {
    const entry = await libraryFixture.declare(OTHER);
    await sync([entry]);
    const before = await libraryFixture.published();
    await fixture.depot.work.run(async (tx) => tx.library.withdraw(before[0]!.id));
    expect(await sync([entry])).toEqual({ ...QUIET, updated: 1 });
    expect(await libraryFixture.published()).toEqual(before);
  });

  it('replaces bytes under a new id, and only when the new ones are stored', async () => {
    await sync([await libraryFixture.declare(CONTENT)]);
    const [before] = await libraryFixture.published();
    const broken = await libraryFixture.declare(OTHER, { sha256: 'c'.repeat(64) });
    expect((await sync([broken])).faults).toHaveLength(1);
    expect(await libraryFixture.published()).toEqual([before]);

    expect(await sync([await libraryFixture.declare(OTHER)])).toEqual({ ...QUIET, published: 1 });
    const [after] = await libraryFixture.published();
    expect(after!.id).not.toBe(before!.id);
    expect(await fixture.files()).toEqual([after!.id]);
    expect(await fixture.used(ROOT_GROUP)).toBe(OTHER.length);
  });

  it('never gives an id other bytes', async () => {
    await sync([await libraryFixture.declare(CONTENT, { id: ID })]);
    const report = await sync([await libraryFixture.declare(OTHER, { id: ID })]);
    expect(report.faults).toMatchObject([
      { reason: expect.stringContaining('give the new image a new uuid') as string },
    ]);
    expect((await fixture.content(ID)).equals(CONTENT)).toBe(true);
  });

  it('does not use the id of another item', async () => {
    const taken = await startReplica(fixture).upload.run(
      fixture.root,
      orderOf(fixture, 1),
      () => sourceOf(patterned(1)),
      NEVER,
    );
    const report = await sync([await libraryFixture.declare(OTHER, { id: taken })]);
    expect(report.faults).toMatchObject([{ reason: `the uuid ${taken} belongs to another media item` }]);
    expect(await fixture.files()).toEqual([taken]);
  });

  it('copies the bytes of an existing item of any group, and leaves that item unchanged', async () => {
    const order = { ...orderOf(fixture, OTHER.length), readOnly: false };
    const source = await startReplica(fixture).upload.run(fixture.root, order, () => sourceOf(OTHER), NEVER);
    const entry = libraryEntry({ sha256: sha256(OTHER), source: { kind: 'media', id: source } });
    expect(await sync([entry])).toEqual({ ...QUIET, published: 1 });
    const [{ id }] = (await libraryFixture.published()) as readonly [LibraryDrive];
    expect(id).not.toBe(source);
    expect((await fixture.content(id)).equals(OTHER)).toBe(true);
    expect(await fixture.used(fixture.group.id)).toBe(OTHER.length);
  });

  it('leaves nothing of an interrupted drive, and continues with it in the next run', async () => {
    const entries = [
      await libraryFixture.declare(OTHER, { facts: { name: 'first' } }),
      await libraryFixture.declare(CONTENT, { id: ID }),
    ];
    const stop = new AbortController();
    const stopped = libraryFixture.sync.run(
      { licences: [], entries },
      (entry, moved) => (entry.id === ID && moved > 1_000_000 ? stop.abort(new Error('stopped')) : undefined),
      stop.signal,
    );
    await expect(stopped).rejects.toThrow('stopped');
    expect((await libraryFixture.published()).map(({ facts }) => facts.name)).toEqual(['first']);
    expect(await fixture.files()).toHaveLength(1);
    expect(await sync(entries)).toEqual({ ...QUIET, unchanged: 1, published: 1 });
    expect((await fixture.content(ID)).equals(CONTENT)).toBe(true);
  });

  it('waits for the removal of an item with the same id that a killed process left', async () => {
    const entry = await libraryFixture.declare(OTHER, { id: ID });
    const dead = { holder: randomUUID() as InstanceId, seconds: 0 };
    await fixture.depot.work.run(async (tx) => {
      const { pool, type } = entry;
      const media = { pool, type, size: bytes(0), readOnly: true, group: ROOT_GROUP, createdBy: fixture.root.uuid };
      await tx.media.insert({ ...media, id: ID, name: 'half', state: 'uploading' }, dead);
      await tx.usage.charge((await tx.groups.find(ROOT_GROUP))!, pool, bytes(0), 1);
      await tx.library.insert(ID, entry);
      await tx.media.endLeases(dead.holder);
    });
    expect((await sync([entry])).faults).toMatchObject([{ mayPass: true }]);
    await startReplica(fixture).sweep.run();
    expect(await sync([entry])).toEqual({ ...QUIET, published: 1 });
  });

  it('publishes bytes that a killed process had stored, without reading the file', async () => {
    const entry = await libraryFixture.declare(OTHER);
    await sync([entry]);
    const [before] = await libraryFixture.published();
    await fixture.depot.knex.raw('update library_drives set published_at = null');
    if (entry.source.kind === 'file') await rm(entry.source.path);
    expect(await sync([entry])).toEqual({ ...QUIET, updated: 1 });
    // It is published for the first time now.
    const published = expect.any(String) as string;
    expect(await libraryFixture.published()).toEqual([{ ...before, published }]);
  });

  it('runs once for replicas that start together', async () => {
    const other = await openLibraryFixture(fixture);
    const declared = {
      licences: [],
      entries: [await libraryFixture.declare(CONTENT), await libraryFixture.declare(OTHER, { id: ID })],
    };
    const reports = await Promise.all(
      [libraryFixture, other].map(async ({ sync }) => sync.run(declared, () => undefined, NEVER)),
    );
    expect(new Set(reports.map(({ published }) => published))).toEqual(new Set([0, 2]));
    expect(reports.flatMap(({ faults }) => faults)).toEqual([]);
    expect(await fixture.files()).toHaveLength(2);
  });

  it('keeps a licence and its number while an item needs it', async () => {
    const entry = await libraryFixture.declare(OTHER, { licences: [{ licence: 'core', amount: 1 }] });
    await sync([entry], [licenceNamed('core', 7)]);
    // The drive stays as long as this clone exists.
    const clone = await startReplica(fixture).upload.run(fixture.root, orderOf(fixture, 0), () => sourceOf(), NEVER);
    await fixture.depot.work.run(async (tx) => tx.licences.bind(clone, entry.licences));
    const report = await sync([], [licenceNamed('site', 7)]);
    expect(report.faults).toMatchObject([{ name: 'site', reason: expect.stringContaining('number 7') as string }]);
    const listed = await fixture.depot.work.run(async (tx) => tx.licences.list({ limit: null, offset: 0 }));
    expect(listed.items).toMatchObject([{ name: 'site', number: 8 }]);
  });

  it('cannot begin before the root user exists', async () => {
    const entry = await libraryFixture.declare(OTHER);
    await fixture.depot.work.run(async (tx) => tx.users.remove(fixture.root.id));
    expect((await sync([entry])).faults).toMatchObject([{ reason: 'there is no root user yet: start Platter once' }]);
  });

  it('prevents users from removing a published item', async () => {
    await sync([await libraryFixture.declare(OTHER)]);
    const [{ id }] = (await libraryFixture.published()) as readonly [LibraryDrive];
    await expect(startReplica(fixture).remove.run(fixture.root, id)).rejects.toMatchObject({ code: 'media-in-use' });
    expect(await libraryFixture.published()).toHaveLength(1);
  });
});

describe('AddToLibrary', () => {
  let fixture: DepotFixture;
  let libraryFixture: LibraryFixture;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    libraryFixture = await openLibraryFixture(fixture);
  });
  afterEach(async () => fixture.close());

  const add = async (entry: LibraryEntry): Promise<MediaId> => libraryFixture.add.run(entry, () => undefined, NEVER);

  it('publishes a drive in addition to the others', async () => {
    const first = await add(await libraryFixture.declare(OTHER, { facts: { name: 'first' } }));
    const second = await add(await libraryFixture.declare(ISO, { type: 'ISO', id: ID }));
    expect((await libraryFixture.published()).map(({ id }) => id)).toEqual([first, second]);
    expect(second).toBe(ID);
  });

  it('replaces no other drive, and requires that its licences exist', async () => {
    await add(await libraryFixture.declare(OTHER));
    await expect(add(await libraryFixture.declare(ISO))).rejects.toThrow('the library has "Harbour Linux" already');
    const needy = await libraryFixture.declare(ISO, {
      facts: { name: 'needy' },
      licences: [{ licence: 'core', amount: 1 }],
    });
    await expect(add(needy)).rejects.toThrow('there is no licence core');
    expect(await libraryFixture.published()).toHaveLength(1);
  });
});
