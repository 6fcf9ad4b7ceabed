import { bytes, type Bytes } from '../shared/bytes.ts';
import type { GroupId } from '../shared/ids.ts';

/** A level that a charge must pass: a group, an ancestor, or the pool itself. */
export interface Level {
  readonly kind: 'group' | 'pool';
  /** The group whose limit it is; omitted for a pool. */
  readonly group?: GroupId;
  /** The charged bytes, of finished items and of those under way. */
  readonly used: Bytes;
  /** The limit in force; null for none. */
  readonly limit: Bytes | null;
}

/**
 * Returns the bytes left on a level: null for no limit, 0 if the limit was lowered below the usage.
 */
export function headroomOf(level: Level): Bytes | null {
  return level.limit === null ? null : bytes(Math.max(0, level.limit - level.used));
}

/** Returns the level with the least headroom, or null if no level has a limit. */
export function tightestLevel(levels: readonly Level[]): { readonly level: Level; readonly left: Bytes } | null {
  let found: { level: Level; left: Bytes } | null = null;
  for (const level of levels) {
    const left = headroomOf(level);
    if (left !== null && (found === null || left < found.left)) found = { level, left };
  }
  return found;
}
