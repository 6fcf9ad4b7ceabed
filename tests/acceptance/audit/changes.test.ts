import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { summaryOf, sorted, type AuditedCall, type Change } from './change.ts';
import { CLOUDSIGMA_CHANGES, CLOUDSIGMA_READS } from './cloudsigma-changes.ts';
import { AuditFixture } from './audit-fixture.ts';
import { NATIVE_CHANGES, NATIVE_READS } from './native-changes.ts';
import { TUS_CHANGES, TUS_FAILURES } from './tus-changes.ts';
import { VELOCITY_CHANGES, VELOCITY_READS } from './velocity-changes.ts';

/** Calls by the user of the fixture. */
const OWN: readonly string[] = ['POST /u/auth', 'PATCH /u/auth', 'DELETE /u/auth', 'PUT /users/me/password'];
/** Logins: when one is refused, the caller is unknown. */
const LOGINS: readonly string[] = ['POST /u/auth', 'POST /session'];

const DIALECTS = [
  { channel: 'velocity', changes: VELOCITY_CHANGES, reads: VELOCITY_READS },
  { channel: 'cloudsigma', changes: CLOUDSIGMA_CHANGES, reads: CLOUDSIGMA_READS },
  { channel: 'native', changes: NATIVE_CHANGES, reads: NATIVE_READS },
  { channel: 'tus', changes: TUS_CHANGES, reads: [] },
] as const;

describe.each(DIALECTS)('The audit of the calls of $channel', ({ channel, changes, reads }) => {
  let fixture: AuditFixture;
  beforeAll(async () => {
    fixture = await AuditFixture.open();
  });
  afterAll(async () => fixture.close());

  it('covers every route that may change something', async () => {
    const folder = join(import.meta.dirname, '..', '..', '..', 'src', 'adapters', 'http', channel);
    const routes = (await readFile(join(folder, 'routes.ts'), 'utf8')).matchAll(
      /^ {4}'((?:POST|PUT|PATCH|DELETE) \/\S*)':/gm,
    );
    const known = new Set([...changes.map(({ route }) => route), ...reads]);
    expect(new Set([...routes].map(([, route]) => route))).toEqual(known);
  });

  async function expectWritten(
    { ask, written }: AuditedCall,
    by: { readonly id: number | null },
    max: number,
  ): Promise<void> {
    const { answer, written: entries } = await fixture.during(ask);
    expect([answer.text, answer.status < 300]).toEqual([answer.text, max < 300]);
    expect(sorted(entries.map(summaryOf))).toEqual(sorted(written(answer)));
    for (const entry of entries) {
      const request = answer.headers['x-request-id'];
      expect(entry).toMatchObject({ channel, address: '127.0.0.1', request, by });
    }
  }

  const named = (those: readonly Change[]): readonly [string, Change][] =>
    those.map((change) => [change.route, change]);

  it.each(named(changes))('records actor, action and subjects when %s succeeds', async (route, { done }) => {
    const call = await done(fixture);
    await expectWritten(call, { id: OWN.includes(route) ? fixture.user.uid : 0 }, 200);
  });

  it.each(named(changes.filter(({ refused }) => refused !== null)))(
    'records the reason when %s is refused',
    async (route, { refused }) => {
      const call = await refused!(fixture);
      await expectWritten(call, { id: LOGINS.includes(route) ? null : fixture.stranger.uid }, 400);
    },
  );
});

describe('The audit of uploads', () => {
  let fixture: AuditFixture;
  beforeAll(async () => (fixture = await AuditFixture.open()));
  afterAll(async () => fixture.close());

  it.each(Object.entries(TUS_FAILURES))('records %s once', async (_what, failure) => {
    const { ask, written } = await failure(fixture);
    const { answer, written: entries } = await fixture.during(ask);
    expect(entries.map(summaryOf)).toEqual(written(answer));
  });
});
