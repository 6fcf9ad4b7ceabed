declare const kind: unique symbol;
type Id<T, Kind extends string> = T & { readonly [kind]: Kind };

export type UserId = Id<number, 'user'>;
export type GroupId = Id<number, 'group'>;
export type PoolId = Id<number, 'pool'>;
/** The UUID of a user, which outlives the user: items name their creator by it. */
export type UserUuid = Id<string, 'user uuid'>;
export type MediaId = Id<string, 'media'>;
export type BlobId = Id<string, 'blob'>;
export type JobId = Id<string, 'job'>;
export type ServerId = Id<string, 'server'>;
export type TagId = Id<string, 'tag'>;
export type LinkId = Id<string, 'link'>;
/** A running process, as the holder of leases. */
export type InstanceId = Id<string, 'instance'>;

/** The root of all groups; its parent is itself. */
export const ROOT_GROUP = 0 as GroupId;
/** The user that permanently holds every permission on the root group. */
export const ROOT_USER = 0 as UserId;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Returns whether `text` has the form of a UUID, in either case. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
