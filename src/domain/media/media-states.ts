/**
 * The life of a media item. The row exists before the bytes do and until they are deleted, so that
 * no crash leaves bytes without a row.
 *
 * - `counts`: whether the item is charged to its group (the pool is charged in every state, until
 *   the row is deleted)
 * - `underway`: whether its bytes are still to arrive; a failure then removes the item
 * - `next`: the states that may follow
 */
const STATES = {
  creating: { counts: true, underway: true, next: ['ready', 'removing'] },
  uploading: { counts: true, underway: true, next: ['ready', 'removing'] },
  cloning: { counts: true, underway: true, next: ['ready', 'removing'] },
  resizing: { counts: true, underway: false, next: ['ready', 'removing'] },
  // Holds the private copy of another item's blob until it is complete: invisible and not charged.
  unsharing: { counts: false, underway: false, next: ['removing'] },
  // Holds the copy of an item that moves to another pool: invisible, and charged to the new group.
  moving: { counts: true, underway: false, next: ['removing'] },
  ready: { counts: true, underway: false, next: ['resizing', 'trashed', 'removing'] },
  // Invisible, and its name is free; a restore makes it ready again.
  trashed: { counts: true, underway: false, next: ['ready', 'removing'] },
  removing: { counts: false, underway: false, next: [] },
} as const satisfies Record<string, { counts: boolean; underway: boolean; next: readonly string[] }>;

export type MediaState = keyof typeof STATES;

/** The states in which the bytes are still to arrive. */
export type UnderWay = {
  [State in MediaState]: (typeof STATES)[State]['underway'] extends true ? State : never;
}[MediaState];

/** Returns whether the bytes of an item in this state are still to arrive. */
export function isUnderWay(state: MediaState): state is UnderWay {
  return STATES[state].underway;
}

/** Returns whether an item in this state is charged to its group. */
export function counts(state: MediaState): boolean {
  return STATES[state].counts;
}

/** Returns whether `to` may follow `from`. */
export function mayFollow(from: MediaState, to: MediaState): boolean {
  return (STATES[from].next as readonly MediaState[]).includes(to);
}

/** Returns the states that `to` may follow. */
export function statesBefore(to: MediaState): readonly MediaState[] {
  return (Object.keys(STATES) as MediaState[]).filter((from) => mayFollow(from, to));
}
