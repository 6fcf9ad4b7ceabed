import { stringify } from 'yaml';

/** Returns the text of a pools file with these entries, valid or not. */
export function poolsFile(...pools: readonly Readonly<Record<string, unknown>>[]): string {
  return stringify({ pools });
}
