import { rowsOf } from './postgres.ts';

/** Fails unless every usage in the database is the sum of the media that count in it. */
export async function expectNoDrift(url: string): Promise<void> {
  expect(await rowsOf(url, 'select * from usage_drift')).toEqual([]);
}

/**
 * As `expectNoDrift`, of bytes alone: for tests of repositories, whose media have none and count
 * nowhere.
 */
export async function expectNoDriftOfBytes(url: string): Promise<void> {
  expect(await rowsOf(url, 'select * from usage_drift where used <> counted')).toEqual([]);
}
