import { growthSentence, notGrowable } from '../shared/image-sentences.ts';
import type { DomainError, FailureCode, FailureDetails } from '../../../domain/shared/domain-error.ts';

/** What each failure says to a person. */
const SENTENCES: { readonly [Code in FailureCode]: (detail: FailureDetails[Code]) => string } = {
  'not-authenticated': () => 'a valid authkey is required',
  'wrong-credentials': () => 'wrong user name or password',
  'too-many-logins': ({ retryAfterSeconds }) => `too many failed logins: try again in ${retryAfterSeconds} s`,
  'authkey-unknown': () => 'there is no such authkey',
  'authkey-expired': () => 'the authkey has expired',
  'permission-missing': ({ permission }) => `the permission ${permission} is missing`,
  'permission-above-own': ({ permission }) => `you do not hold ${permission} there yourself`,
  protected: () => 'the root group and the root user stay as they are',
  'home-group-missing': () => 'you have no home group: set one with PATCH /u/user',
  'home-group-forbidden': () =>
    'the user does not hold velocity.media.create on this group: give it first, then set the home group',
  'root-rights-fixed': () =>
    'the root group has write and manage on every pool by configuration: send both as true, and it gets the quota',
  'user-not-found': () => 'there is no such user',
  'group-not-found': () => 'there is no such group',
  'pool-not-found': () => 'there is no such pool',
  'media-not-found': () => 'there is no such media',
  'job-not-found': () => 'there is no such job',
  'server-not-found': () => 'there is no such server',
  'tag-not-found': () => 'there is no such tag',
  'named-tag-not-found': () => 'there is no such tag',
  'attachment-not-found': () => 'there are no such media to attach',
  'resource-not-found': () => 'there is nothing that a tag could be put on',
  'permission-not-found': () => 'there is no such permission',
  'user-name-taken': () => 'a user of this name exists already',
  'group-name-taken': () => 'the parent has a group of this name already',
  'media-name-taken': () => 'the pool holds media of this name already',
  'name-invalid': ({ reason }) => reason,
  'password-invalid': ({ reason }) => reason,
  'too-many-possessions': ({ of, max }) =>
    of === 'users'
      ? `you and the users that you come from or created create at most ${max} users together: remove some first`
      : `one user has at most ${max} ${of}: remove some first`,
  'definitions-too-large': ({ max }) =>
    `the definitions of a user take at most ${max} bytes of JSON together: shorten or remove some first`,
  'groups-too-deep': ({ max }) => `groups nest at most ${max} deep`,
  'not-manager': () => 'the group may not manage this pool',
  'not-writer': () => 'the group may not write to this pool',
  'quota-exceeded': (detail) => {
    if (detail.limitedBy === 'items')
      return `the group has the largest number of items, ${detail.max} in one pool: remove some first`;
    const { needed, left, limitedBy, setting, growsTo } = detail;
    if (left === null) {
      return `${needed} bytes are more than the ${limitedBy} can keep in one piece${setting === undefined ? '' : ` with this ${setting}`}`;
    }
    return growsTo === undefined
      ? `the quota of the ${limitedBy} is surpassed: ${needed} bytes needed, ${left} bytes left`
      : growthSentence({ needed, left, limitedBy, growsTo });
  },
  'media-in-use': ({ servers, named }) => {
    if (servers === 0) return 'the item belongs to the library, which only the operator changes';
    const more = servers > named.length ? ' and others' : '';
    return `the item is in use: ${servers} ${servers === 1 ? 'server has' : 'servers have'} it (${named.join(', ')}${more})`;
  },
  'media-busy': () => 'the media are not ready: try again later',
  'media-published': () => 'the media belong to the library',
  'library-disk': () => 'disks of the library are not attached',
  'attached-elsewhere': () => 'another server has the media',
  'attached-twice': () => 'the media are attached once at most',
  'slots-invalid': ({ reasons }) => reasons.join('; '),
  'media-not-empty': () => 'only media that hold nothing can become smaller',
  'image-not-growable': ({ format }) => notGrowable('item', format),
  'clone-too-small': ({ min }) => `a clone has at least the ${min} bytes of its source`,
  'body-too-short': ({ promised, received }) => `${promised} bytes were promised, ${received} arrived`,
  'body-too-long': ({ promised }) => `more than the promised ${promised} bytes arrived`,
  'body-cut-off': () => 'the body was cut off',
  'format-refused': ({ reason }) => `the image is refused: ${reason}`,
  'body-too-slow': () => 'the body arrived too slowly',
  'digest-mismatch': () => 'the bytes that arrived are not those of the digest',
  'unknown-upload': () => 'there is no such upload',
  'upload-gone': () => 'the upload has ended: start a new one',
  'upload-offset-mismatch': ({ offset }) => `the upload has ${offset} bytes: continue there`,
  'upload-locked': () => 'another request sends to this upload: try again',
  'upload-verifying': () => 'the upload is being verified: try again',
  'checksum-mismatch': () => 'the bytes do not have the checksum: send them again',
  'pool-not-resumable': () =>
    'this pool takes only uploads in one request: choose another one, or send all bytes at once',
  'bytes-missing': () => 'the bytes of the media can not be read at the moment',
  'bytes-damaged': () => 'the bytes of the media are damaged, until somebody brings back what came in',
  'no-space': () => 'the storage behind the pool is full',
  'search-too-broad': () => 'the search takes too long: narrow it',
  unavailable: () => 'temporarily unavailable: try again later',
};

/** The message of a failure. It never holds a secret, a path or what went wrong inside. */
export function sentenceOf<Code extends FailureCode>(error: DomainError<Code>): string {
  return SENTENCES[error.code](error.detail);
}
