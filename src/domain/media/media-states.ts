/**
 * The life of media. A row exists before its bytes do and until they are gone, so that no crash
 * leaves bytes without a row.
 *
 * - `counts`: whether the group that owns it is charged for it (the pool counts it in every state,
 *   until the row is gone)
 * - `underWay`: whether its bytes are still to come, so that what is given up on the way is taken
 *   away again
 * - `next`: the states that may follow
 */
const STATES = {
  creating: { counts: true, underway: true, next: ['ready', 'removing'] },
  uploading: { counts: true, underway: true, next: ['ready', 'removing'] },
  cloning: { counts: true, underway: true, next: ['ready', 'removing'] },
  resizing: { counts: true, underway: false, next: ['ready', 'removing'] },
  // What holds a private copy of the bytes of other media, until it is made and theirs: nobody sees
  // it, nobody is charged for it.
  unsharing: { counts: false, underway: false, next: ['removing'] },
  ready: { counts: true, underway: false, next: ['resizing', 'removing'] },
  removing: { counts: false, underway: false, next: [] },
} as const satisfies Record<string, { counts: boolean; underway: boolean; next: readonly string[] }>;

export type MediaState = keyof typeof STATES;

/** The states in which bytes are on their way. */
export type UnderWay = {
  [State in MediaState]: (typeof STATES)[State]['underway'] extends true ? State : never;
}[MediaState];

/** Whether media in this state are still on their way. */
export function isUnderWay(state: MediaState): state is UnderWay {
  return STATES[state].underway;
}

/** Whether the group that owns media in this state is charged for them. */
export function counts(state: MediaState): boolean {
  return STATES[state].counts;
}

/** Whether `to` may follow `from`. */
export function mayFollow(from: MediaState, to: MediaState): boolean {
  return (STATES[from].next as readonly MediaState[]).includes(to);
}

/** The states from which `to` can be reached in one step. */
export function statesBefore(to: MediaState): readonly MediaState[] {
  return (Object.keys(STATES) as MediaState[]).filter((from) => mayFollow(from, to));
}
