import type { Request } from 'express';
import type { Caller } from '../../../domain/access/caller.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import {
  isUuid,
  type GroupId,
  type LinkId,
  type MediaId,
  type PoolId,
  type UserId,
} from '../../../domain/shared/ids.ts';

const NUMBER = /^(?:0|[1-9][0-9]{0,15})$/;

/** @throws DomainError `group-not-found` when the path has no id there */
export function groupIn(request: Request): GroupId {
  const id = numberIn(request, 'group');
  if (id === null) throw new DomainError('group-not-found');
  return id as GroupId;
}

/** @throws DomainError `pool-not-found` when the path has no id there */
export function poolIn(request: Request): PoolId {
  const id = numberIn(request, 'pool');
  if (id === null) throw new DomainError('pool-not-found');
  return id as PoolId;
}

/**
 * Returns the user in the path; `me` is the caller.
 *
 * @throws DomainError `user-not-found` when the path has no id there
 */
export function userIn(request: Request, caller: Caller): UserId {
  if (request.params.user === 'me') return caller.id;
  const id = numberIn(request, 'user');
  if (id === null) throw new DomainError('user-not-found');
  return id as UserId;
}

/** @throws DomainError `media-not-found` when the path has no id there */
export function mediaIn(request: Request): MediaId {
  const id = uuidIn(request, 'media');
  if (id === null) throw new DomainError('media-not-found');
  return id as MediaId;
}

/** @throws DomainError `link-not-found` when the path has no id there */
export function linkIn(request: Request): LinkId {
  const id = uuidIn(request, 'link');
  if (id === null) throw new DomainError('link-not-found');
  return id as LinkId;
}

/** Returns the UUID of a path parameter in lower case; null when it is none. */
export function uuidIn({ params }: Request, name: string): string | null {
  const text = params[name];
  return typeof text === 'string' && isUuid(text) ? text.toLowerCase() : null;
}

function numberIn({ params }: Request, name: string): number | null {
  const text = params[name];
  if (typeof text !== 'string' || !NUMBER.test(text)) return null;
  const id = Number(text);
  return Number.isSafeInteger(id) ? id : null;
}
