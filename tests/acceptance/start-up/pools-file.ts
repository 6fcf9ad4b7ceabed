import { stringify } from 'yaml';

/** The text of a pools file with these entries, right or wrong. */
export function poolsFile(...pools: readonly Readonly<Record<string, unknown>>[]): string {
  return stringify({ pools });
}
