/** The orders of a list of users; a user that was created later has a greater id. */
export type UserSort = 'created' | 'name';
