import { randomUUID } from 'node:crypto';
import type { NewLink } from '../../src/application/ports/link-repository.ts';
import type { Transaction } from '../../src/application/ports/unit-of-work.ts';
import type { Caller } from '../../src/domain/access/caller.ts';
import { WITHOUT_HOME } from '../../src/domain/access/tenant.ts';
import type { Link } from '../../src/domain/media/link.ts';
import type { LinkId, MediaId } from '../../src/domain/shared/ids.ts';
import { rowsOf } from '../support/database/test-database.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { makeUser } from '../support/fixtures/users.ts';
import { insertReady, makePools } from './media-depot.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const MAX = 3;
const ADDRESS = '192.0.2.7';

const FIRST_PAGE = { limit: 100, sort: 'created', isDescending: false, after: null, counts: false } as const;

describe.each(UNITS_OF_WORK)('LinkRepository in $store', ({ open }) => {
  let depot: TestDepot;
  let ann: Caller;
  let media: MediaId;
  beforeEach(async () => {
    depot = await open();
    await makePools(depot);
    ann = await makeUser(depot, 'ann');
    media = await run(insertReady);
  });
  afterEach(async () => depot.close());

  const run = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => depot.work.run(work);

  function newLink(wanted: Partial<NewLink> = {}): NewLink {
    const id = randomUUID() as LinkId;
    const hash = id.replaceAll('-', '').repeat(2);
    return { id, hash, media, creator: ann.uuid, networks: [], note: '', seconds: 3600, ...wanted };
  }

  async function insert(wanted: Partial<NewLink> = {}): Promise<NewLink> {
    const link = newLink(wanted);
    expect(await run(async (tx) => tx.links.insert(link, MAX))).not.toBeNull();
    return link;
  }

  const linksOf = async (): Promise<readonly Link[]> =>
    (await run(async (tx) => tx.links.page(media, FIRST_PAGE))).items;
  const found = async ({ hash }: NewLink, address: string | null = ADDRESS): Promise<LinkId | undefined> =>
    (await run(async (tx) => tx.links.find(hash, address)))?.link.id;
  const expire = async ({ id }: NewLink): Promise<unknown> =>
    rowsOf(depot.url, `update links set expires_at = clock_timestamp() where id = '${id}' returning id`);

  it('lists the links of an item in pages, by their age', async () => {
    const links = [await insert(), await insert(), await insert()].map(({ id }) => id);
    const first = await run(async (tx) => tx.links.page(media, { ...FIRST_PAGE, limit: 2, counts: true }));
    expect([first.items.map(({ id }) => id), first.total]).toEqual([links.slice(0, 2), 3]);
    const rest = await run(async (tx) => tx.links.page(media, { ...FIRST_PAGE, after: first.last }));
    expect([rest.items.map(({ id }) => id), rest.last]).toEqual([links.slice(2), null]);
  });

  it('stores a link, and finds it with its creator', async () => {
    const link = newLink({ networks: ['10.0.0.0/8', '2001:db8::1'], note: 'rack 7' });
    const stored = await run(async (tx) => tx.links.insert(link, MAX));
    expect(stored).toEqual({
      id: link.id,
      media,
      creator: ann.uuid,
      networks: ['10.0.0.0/8', '2001:db8::1/128'],
      note: 'rack 7',
      createdAt: expect.any(Date) as Date,
      expiresAt: expect.any(Date) as Date,
      lastUsedAt: null,
      bytesServed: 0,
    });
    expect(Math.round((stored!.expiresAt.getTime() - stored!.createdAt.getTime()) / 1000)).toBe(3600);
    const creator = { id: ann.id, uuid: ann.uuid, name: ann.name, tenant: WITHOUT_HOME };
    expect(await run(async (tx) => tx.links.find(link.hash, '10.1.2.3'))).toEqual({ link: stored, creator });
    expect(await found({ ...link, hash: 'ab'.repeat(32) }, '10.1.2.3')).toBeUndefined();
    expect(await linksOf()).toEqual([stored]);
  });

  it.each([
    ['no network', [], [ADDRESS, '2001:db8::1', null], []],
    ['networks', ['192.0.2.0/24', '2001:db8::/32'], [ADDRESS, '2001:db8::1'], ['192.0.3.7', '2001:db9::1', null]],
    ['an address', ['192.0.2.7'], [ADDRESS], ['192.0.2.8', '::1', null]],
  ])('finds a link with %s for its clients only', async (_what, networks, allowed, refused) => {
    const link = await insert({ networks });
    for (const address of allowed) expect(await found(link, address)).toBe(link.id);
    for (const address of refused) expect(await found(link, address)).toBeUndefined();
  });

  it('stores at most so many links of a user, also under concurrent inserts', async () => {
    const results = await Promise.all(
      Array.from({ length: 8 }, async () => run(async (tx) => tx.links.insert(newLink(), MAX))),
    );
    const stored = results.filter((link) => link !== null);
    expect(stored).toHaveLength(MAX);
    const bob = await makeUser(depot, 'bob');
    await insert({ creator: bob.uuid });
    await expire(newLink({ id: stored[0]!.id }));
    await insert();
  });

  it('lists the links of an item, oldest first, until they are removed or expire', async () => {
    const [first, second, third] = [await insert(), await insert(), await insert()];
    const bob = await makeUser(depot, 'bob');
    const another = await insert({ media: await run(insertReady), creator: bob.uuid });
    const listed = async (): Promise<readonly LinkId[]> => (await linksOf()).map(({ id }) => id);
    expect(await listed()).toEqual([first.id, second.id, third.id]);
    await expire(second);
    const remove = async (id: LinkId): Promise<boolean> => run(async (tx) => tx.links.remove(media, id));
    expect(await remove(another.id)).toBe(false);
    expect(await remove(first.id)).toBe(true);
    expect(await remove(first.id)).toBe(false);
    expect(await listed()).toEqual([third.id]);
    for (const link of [first, second]) expect(await found(link)).toBeUndefined();
    expect(await found(another)).toBe(another.id);
  });

  it('records uses, and returns the links that are still valid', async () => {
    const [used, expired, revoked] = [await insert(), await insert(), await insert()];
    await expire(expired);
    await run(async (tx) => {
      await tx.links.remove(media, revoked.id);
      const uses = [used, expired, revoked].map(({ id }) => ({ id, bytes: 5_000_000_000 }));
      expect(await tx.links.recordUses(uses)).toEqual(new Set([used.id]));
      await tx.links.recordUses([{ id: used.id, bytes: 7 }]);
      expect(await tx.links.recordUses([])).toEqual(new Set());
      const [link] = (await tx.links.page(media, FIRST_PAGE)).items;
      expect(link).toMatchObject({ bytesServed: 5_000_000_007, lastUsedAt: expect.any(Date) as Date });
    });
  });

  it('ends with its creator and with its item', async () => {
    const bob = await makeUser(depot, 'bob');
    const [ofBob, ofItem] = [await insert({ creator: bob.uuid }), await insert()];
    await run(async (tx) => tx.users.remove(bob.id));
    expect(await found(ofBob)).toBeUndefined();
    await run(async (tx) => {
      await tx.media.beginRemoval(media);
      await tx.media.forget(media);
    });
    expect(await found(ofItem)).toBeUndefined();
  });

  it('deletes expired links, a thousand at once', async () => {
    const link = await insert();
    await depot.knex.raw(
      `insert into links (id, hash, media_id, creator, networks, note, expires_at)
       select gen_random_uuid(), sha256(n::text::bytea), ?, ?, '{}', '', clock_timestamp() from generate_series(1, 1001) as n`,
      [media, ann.uuid],
    );
    const left: unknown[] = [];
    for (let round = 0; round < 3; round += 1) {
      await run(async (tx) => tx.links.forgetExpired());
      left.push(...(await rowsOf(depot.url, 'select count(*)::int as links from links')));
    }
    expect(left).toEqual([{ links: 2 }, { links: 1 }, { links: 1 }]);
    expect(await found(link)).toBe(link.id);
  });
});
