declare const kind: unique symbol;
type Id<T, Kind extends string> = T & { readonly [kind]: Kind };

export type UserId = Id<number, 'user'>;
export type GroupId = Id<number, 'group'>;
export type PoolId = Id<number, 'pool'>;
/** A user's UUID: it outlives the user, so that media can go on naming who made them. */
export type UserUuid = Id<string, 'user uuid'>;
export type MediaId = Id<string, 'media'>;
export type BlobId = Id<string, 'blob'>;
export type JobId = Id<string, 'job'>;
export type ServerId = Id<string, 'server'>;
export type TagId = Id<string, 'tag'>;
/** One running process, for as long as it runs: who holds a lease. */
export type InstanceId = Id<string, 'instance'>;

/** The group that every other one descends from; its parent is itself. */
export const ROOT_GROUP = 0 as GroupId;
/** The user that holds every permission on the root group, for ever. */
export const ROOT_USER = 0 as UserId;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether `text` has the form of a UUID, in either case of letters. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
