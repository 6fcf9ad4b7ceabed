import { bytes, type Bytes } from '../shared/bytes.ts';

/** One level that a charge must pass: a group, any of its ancestors, or the pool itself. */
export interface Level {
  readonly kind: 'group' | 'pool';
  /** What counts against it, finished and under way. */
  readonly used: Bytes;
  /** The limit in force, or null for none. */
  readonly limit: Bytes | null;
}

/** What is left on one level: null for no limit, 0 when a lowered limit lies below what is used. */
export function headroomOf(level: Level): Bytes | null {
  return level.limit === null ? null : bytes(Math.max(0, level.limit - level.used));
}

/** The level with the least headroom, or null if none of them has a limit. */
export function tightestLevel(levels: readonly Level[]): { readonly level: Level; readonly left: Bytes } | null {
  let found: { level: Level; left: Bytes } | null = null;
  for (const level of levels) {
    const left = headroomOf(level);
    if (left !== null && (found === null || left < found.left)) found = { level, left };
  }
  return found;
}
