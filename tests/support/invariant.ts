import { rowsOf } from './postgres.ts';

/** Fails unless every usage in the database is the sum of the media that count in it. */
export async function expectNoDrift(url: string): Promise<void> {
  expect(await rowsOf(url, 'select * from usage_drift')).toEqual([]);
}
