/** The orders of a list of groups; a group that was created later has a greater id. */
export type GroupSort = 'created' | 'name';
