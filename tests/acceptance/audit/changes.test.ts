import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { briefOf, inOrder, type Asked, type Change } from './change.ts';
import { CLOUDSIGMA_CHANGES, CLOUDSIGMA_READS } from './cloudsigma-changes.ts';
import { Stage } from './stage.ts';
import { VELOCITY_CHANGES, VELOCITY_READS } from './velocity-changes.ts';

const DIALECTS = [
  { channel: 'velocity', changes: VELOCITY_CHANGES, reads: VELOCITY_READS },
  { channel: 'cloudsigma', changes: CLOUDSIGMA_CHANGES, reads: CLOUDSIGMA_READS },
] as const;

describe.each(DIALECTS)('What is written down of the calls of $way', ({ channel, changes, reads }) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(async () => stage.close());

  it('is known of every route that may change something', async () => {
    const folder = join(import.meta.dirname, '..', '..', '..', 'src', 'adapters', 'http', channel);
    const routes = (await readFile(join(folder, 'routes.ts'), 'utf8')).matchAll(
      /^ {4}'((?:POST|PUT|PATCH|DELETE) \/\S*)':/gm,
    );
    const known = new Set([...changes.map(({ route }) => route), ...reads]);
    expect(new Set([...routes].map(([, route]) => route))).toEqual(known);
  });

  async function expectWritten(
    { ask, written }: Asked,
    by: { readonly id: number | null },
    max: number,
  ): Promise<void> {
    const { answer, written: entries } = await stage.during(ask);
    expect([answer.text, answer.status < 300]).toEqual([answer.text, max < 300]);
    expect(inOrder(entries.map(briefOf))).toEqual(inOrder(written(answer)));
    for (const entry of entries) {
      const request = answer.headers['x-request-id'];
      expect(entry).toMatchObject({ channel, address: '127.0.0.1', request, by });
    }
  }

  const named = (those: readonly Change[]): readonly [string, Change][] =>
    those.map((change) => [change.route, change]);

  it.each(named(changes))('says who did what to what when %s is done', async (route, { done }) => {
    const asked = await done(stage);
    const isOwn = route.endsWith('/u/auth');
    await expectWritten(asked, { id: isOwn ? stage.user.uid : 0 }, 200);
  });

  it.each(named(changes.filter(({ refused }) => refused !== null)))(
    'says why when %s is refused',
    async (route, { refused }) => {
      const asked = await refused!(stage);
      const isUnknown = route === 'POST /u/auth';
      await expectWritten(asked, { id: isUnknown ? null : stage.stranger.uid }, 400);
    },
  );
});
