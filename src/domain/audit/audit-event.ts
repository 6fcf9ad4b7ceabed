import type { FailureCode } from '../shared/domain-error.ts';
import type { GroupId, MediaId, PoolId, ServerId, TagId, UserId } from '../shared/ids.ts';

/** Everything that is written down, by what it was done to. */
export const ACTIONS = [
  'user.login',
  'user.create',
  'user.edit',
  'user.home',
  'user.password',
  'user.remove',
  'authkey.swap',
  'authkey.drop',
  'group.create',
  'group.remove',
  'permission.give',
  'permission.take',
  'pool.assign',
  'pool.revoke',
  'pool.mend',
  'media.upload',
  'media.create',
  'media.clone',
  'media.clone-end',
  'media.part-end',
  'media.edit',
  'media.resize',
  'media.remove',
  'media.abandon',
  'media.attach',
  'media.detach',
  'library.publish',
  'library.update',
  'library.withdraw',
  'library.release',
  'server.create',
  'server.edit',
  'server.remove',
  'tag.create',
  'tag.edit',
  'tag.remove',
] as const;

export type Action = (typeof ACTIONS)[number];

/** How it came out: it was done, or why not. */
export type Result = 'done' | FailureCode | 'unexpected';

/**
 * The way by which a caller reached the program, named by the edge that let it in: the name of a
 * dialect, or an `OwnChannel`.
 */
export type Channel = string;

/** The channel of the program itself: a command of the operator, or the running service. */
export type OwnChannel = 'command' | 'system';

/** From where somebody asks. */
export interface Origin {
  readonly channel: Channel;
  /** The address of the peer, or what a trusted proxy says of it; null where there is none. */
  readonly address: string | null;
  /** The id of the request, as in the log and as the client got it; null outside of any. */
  readonly request: string | null;
}

/**
 * Who does something. Without an origin it is the program that does it, for them or, without an id,
 * by itself.
 */
export interface Actor {
  readonly id: UserId | null;
  /** Where it is not that of the user with the id: what somebody unknown claimed to be called. */
  readonly name?: string | null;
  readonly origin?: Origin | undefined;
}

/** Nobody in particular: the program, or whoever runs it. */
export const NOBODY: Actor = { id: null };

/** What something is done to. The group and the pool of media go without saying. */
export interface Subjects {
  readonly user?: UserId;
  readonly group?: GroupId;
  readonly pool?: PoolId;
  readonly media?: MediaId;
  readonly server?: ServerId;
  readonly tag?: TagId;
}

/** What else there is to say, for people: never a secret, and never much. */
export type Details = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** Something that was done, or refused. */
export interface AuditEvent extends Subjects {
  readonly action: Action;
  /** Without one it was done. */
  readonly result?: Result;
  readonly details?: Details;
}
