import { openCloud, createUser, type Cloud, type CloudScene, type Drive, type Listed } from './cloud.ts';
import { expectFault } from './cloud.ts';

const NAMES = [
  'plain',
  'Plain',
  'a,b',
  'a\\',
  'b',
  '100%',
  '100 per cent',
  'under_score',
  'underXscore',
  'ÄRGER',
] as const;

describe('Lists of drives', () => {
  let scene: CloudScene;
  let ann: Cloud;
  let drives: readonly Drive[];
  beforeAll(async () => {
    scene = await openCloud();
    ann = (await createUser(scene)).cloud;
    const made: Drive[] = [];
    for (const name of NAMES) made.push(await ann.make({ name }));
    drives = made;
  });

  async function named(query: string): Promise<readonly string[]> {
    const { objects } = await ann.ask<Listed>(`GET /drives/detail/?limit=0&${query}`);
    return objects.map(({ name }) => name);
  }

  function encoded(name: string, value: string): string {
    return `${name}=${encodeURIComponent(value)}`;
  }

  it.each([
    ['name', 'plain', ['plain']],
    ['name', 'plain,b', ['plain', 'b']],
    ['name', 'a\\,b', ['a,b']],
    ['name', 'a\\\\,b', ['a\\', 'b']],
    ['name', 'a\\,b,plain', ['plain', 'a,b']],
    ['name', 'a\\', ['a\\']],
    ['name', '', []],
    ['name', 'a,,b', ['b']],
    ['name', 'pl%in', []],
    ['name', 'nul\0', []],
    ['name__contains', 'PLAIN', ['plain', 'Plain']],
    ['name__contains', '%', ['100%']],
    ['name__contains', '_', ['under_score']],
    ['name__contains', '\\', ['a\\']],
    ['name__contains', 'ärg', ['ÄRGER']],
    ['name__contains', '100,score', ['100%', '100 per cent', 'under_score', 'underXscore']],
    ['name__contains', '\\,', ['a,b']],
    ['size', '1', [...NAMES]],
    ['name__icontains', 'plain', [...NAMES]],
    ['tag', '00000000-0000-4000-8000-000000000000', []],
    ['uuid', 'no uuid', []],
  ])('are filtered by %s=%j', async (name, value, expected) => {
    expect(await named(encoded(name, value))).toEqual(expected);
  });

  it('combine a repeated filter, and two filters, with AND', async () => {
    expect(await named('name__contains=100&name__contains=cent')).toEqual(['100 per cent']);
    expect(await named('name__contains=plain&name=Plain,b')).toEqual(['Plain']);
    expect(await named('name=plain&name=b')).toEqual([]);
  });

  it('are filtered by uuids, in either case', async () => {
    const [first, second] = [drives[0]!, drives[1]!];
    expect(await named(`uuid=${first.uuid},${second.uuid.toUpperCase()}`)).toEqual([first.name, second.name]);
    expect(await named(`uuid=${first.uuid}&name=${second.name}`)).toEqual([]);
  });

  it('have disjoint pages, newest last', async () => {
    const pages: string[] = [];
    for (let offset = 0; offset < NAMES.length; offset += 3) {
      const page = await ann.ask<Listed>(`GET /drives/detail/?limit=3&offset=${offset}`);
      expect(page.meta).toEqual({ limit: 3, offset, total_count: NAMES.length });
      pages.push(...page.objects.map(({ name }) => name));
    }
    expect(pages).toEqual([...NAMES]);
    expect(await ann.ask('GET /drives/?offset=999')).toMatchObject({
      objects: [],
      meta: { total_count: NAMES.length },
    });
    const filtered = await ann.ask<Listed>('GET /drives/?limit=1&name__contains=plain');
    expect([filtered.objects.length, filtered.meta.total_count]).toEqual([1, 2]);
  });

  it('have twenty objects by default', async () => {
    const { cloud } = await createUser(scene);
    await cloud.ask(
      'POST /drives/',
      Array.from({ length: 21 }, (_, n) => ({ name: `drive ${n}`, size: 0, media: 'disk' })),
    );
    const page = await cloud.ask<Listed>('GET /drives/');
    expect([page.objects.length, page.meta]).toEqual([20, { limit: 20, offset: 0, total_count: 21 }]);
    const all = await cloud.ask<Listed>('GET /drives/?limit=0');
    expect([all.objects.length, all.meta]).toEqual([21, { limit: 0, offset: 0, total_count: 21 }]);
  });

  it.each(['limit=-1', 'limit=x', 'limit=', 'limit=1&limit=2', 'limit=1e3', 'offset=1.5', 'offset=-0'])(
    'refuse %s',
    async (query) => {
      const answer = await ann.call(`GET /drives/?${query}`);
      expect(expectFault(answer, 400, 'validation')).toEqual([query.split('=')[0]]);
    },
  );

  it('name both faults of a page', async () => {
    expect(expectFault(await ann.call('GET /drives/?limit=x&offset=y'), 400, 'validation')).toEqual([
      'limit',
      'offset',
    ]);
  });

  it('answer only the requested fields, and so do single drives', async () => {
    const { uuid, name } = drives[0]!;
    const { objects } = await ann.ask<Listed>(`GET /drives/?fields=uuid,name,unknown&uuid=${uuid}`);
    expect(objects).toEqual([{ uuid, name }]);
    expect(await ann.ask(`GET /drives/${uuid}/?fields=name`)).toEqual({ name });
    expect(await ann.ask(`GET /drives/${uuid}/?fields=unknown`)).toEqual({});
    expect(await ann.ask(`GET /drives/${uuid}/?fields=`)).toMatchObject({ uuid, name });
  });
});
