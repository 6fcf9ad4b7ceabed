import type { FailureCode } from '../shared/domain-error.ts';
import type { GroupId, MediaId, PoolId, ServerId, TagId, UserId } from '../shared/ids.ts';

/** All recorded actions, by subject. */
export const ACTIONS = [
  'user.login',
  'user.create',
  'user.edit',
  'user.home',
  'user.password',
  'user.remove',
  'authkey.swap',
  'authkey.drop',
  'session.end',
  'token.create',
  'token.remove',
  'group.create',
  'group.edit',
  'group.remove',
  'permission.give',
  'permission.take',
  'pool.assign',
  'pool.revoke',
  'pool.mend',
  'upload.create',
  'upload.abort',
  'upload.expire',
  'media.upload',
  'media.create',
  'media.clone',
  'media.clone-end',
  'media.part-end',
  'media.import',
  'media.import-end',
  'media.edit',
  'media.move',
  'media.move-end',
  'media.resize',
  'media.trash',
  'media.restore',
  'media.remove',
  'media.abandon',
  'media.attach',
  'media.detach',
  'job.cancel',
  'link.create',
  'link.revoke',
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

/** The result: done, or the code of the failure. */
export type Result = 'done' | FailureCode | 'unexpected';

/**
 * The way by which a caller reached the program, named by the edge that let it in: the name of a
 * dialect, or an `OwnChannel`.
 */
export type Channel = string;

/** The channel of the program itself: a command of the operator, or the running service. */
export type OwnChannel = 'command' | 'system';

/** Where a request came from. */
export interface Origin {
  readonly channel: Channel;
  /** The address of the client, from a trusted proxy if there is one; null if there is none. */
  readonly address: string | null;
  /** The id of the request, as in the log and in its response; null outside a request. */
  readonly request: string | null;
}

/**
 * Who causes an event. Without an origin, the program acts for the user; without an id, for itself.
 */
export interface Actor {
  readonly id: UserId | null;
  /** The claimed name, if it is not the name of the user with the id. */
  readonly name?: string | null;
  readonly origin?: Origin | undefined;
}

/** The program itself, or the operator who runs it. */
export const SYSTEM: Actor = { id: null };

/** The objects of an event. A media item implies its group and pool. */
export interface Subjects {
  readonly user?: UserId;
  readonly group?: GroupId;
  readonly pool?: PoolId;
  readonly media?: MediaId;
  readonly server?: ServerId;
  readonly tag?: TagId;
}

/** Further facts for the reader: short, and never a secret. */
export type Details = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** An action that was done or refused. */
export interface AuditEvent extends Subjects {
  readonly action: Action;
  /** `done` by default. */
  readonly result?: Result;
  readonly details?: Details;
}
