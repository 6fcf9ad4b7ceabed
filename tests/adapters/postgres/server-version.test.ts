import { openDatabase } from '../../../src/adapters/postgres/database.ts';
import { requireServerVersion, versionFault } from '../../../src/adapters/postgres/server-version.ts';
import { sharedServer } from '../../support/database/test-database.ts';

describe('The version of the PostgreSQL server', () => {
  it.each([
    [180_000, '18.0'],
    [150_013, '15.13 (Debian 15.13-0+deb12u1)'],
    [140_000, '14.0'],
  ])('is new enough when it is %d', (number, text) => {
    expect(versionFault({ number, text })).toBeNull();
  });

  it.each([
    [130_022, '13.22'],
    [120_000, '12.0'],
    [90_624, '9.6.24'],
  ])('is too old when it is %d, and the message says what to do', (number, text) => {
    expect(versionFault({ number, text })).toBe(
      `the server is PostgreSQL ${text}, which is too old: upgrade it to PostgreSQL 14 or newer`,
    );
  });

  it('is new enough on the real server', async () => {
    const database = openDatabase({ url: sharedServer().url, maxConnections: 1 });
    try {
      await expect(requireServerVersion(database.pool)).resolves.toBeUndefined();
    } finally {
      await database.close();
    }
  });
});
