import { Cloud } from '../cloudsigma/cloud.ts';
import { ROOT_PASSWORD, startPlatter, type Platter } from '../../support/program/platter.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { BEHIND_PROXY, logInFrom } from '../../support/http/forwarded-requests.ts';

const NOISE = 'noise';

describe('Noise in the audit', () => {
  let platter: Platter;
  beforeAll(async () => (platter = await startPlatter({ env: { ...BEHIND_PROXY, PLATTER_SHUTDOWN_GRACE: '5' } })));

  async function audited(name: string): Promise<readonly Record<string, unknown>[]> {
    return rowsOf(
      platter.database.url,
      `select address, coalesce((details->>'dropped')::int, 0) as dropped from audit_entries
       where actor_name like '${name}%' order by id`,
    );
  }

  it('of one network hides no failed login of others, and is summarised', async () => {
    for (let round = 0; round < 8; round += 1) {
      const noise = Array.from({ length: 10 }, async (_, at) =>
        logInFrom(platter.url, `2001:db8::${round}${at}`, `${NOISE} ${round} ${at}`, 'guess'),
      );
      await Promise.all(noise);
    }
    await logInFrom(platter.url, '192.0.2.1', 'a quiet burglar', 'guess');
    expect(await audited('a quiet burglar')).toEqual([{ address: '192.0.2.1', dropped: 0 }]);

    await platter.restart();
    const rows = await audited(NOISE);
    const written = rows.filter(({ dropped }) => dropped === 0);
    expect(written.length).toBeLessThanOrEqual(60);
    expect(rows.length - written.length).toBeGreaterThan(0);
    expect(rows.reduce((sum, { dropped }) => sum + Number(dropped), written.length)).toBe(80);
  }, 60_000);

  it('of successes is summarised too', async () => {
    const cloud = new Cloud(platter.url, 'root', ROOT_PASSWORD);
    // More than the audit records within two minutes.
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(Array.from({ length: 25 }, async () => cloud.call('PUT /profile/', { first_name: 'Ann' })));
    }
    await platter.restart();
    const [sums] = await rowsOf(
      platter.database.url,
      `select count(*) filter (where not details ? 'dropped')::int as written, sum((details->>'dropped')::int)::int as dropped
       from audit_entries where action = 'user.edit'`,
    );
    expect(sums!.dropped).toBeGreaterThan(0);
    expect(Number(sums!.written) + Number(sums!.dropped)).toBe(250);
  }, 60_000);
});
