import type { DomainError, FailureCode, FailureDetails } from '../../../domain/shared/domain-error.ts';

type Sentence<Code extends FailureCode> = (detail: FailureDetails[Code]) => string;
type Sentences<Code extends FailureCode> = { readonly [Name in Code]: Sentence<Name> };

/** The failures that every dialect describes in the same words. */
type CommonCode = keyof typeof COMMON_SENTENCES;

/** The sentences of one dialect: one for each failure that it describes in its own words. */
export type DialectSentences = Sentences<Exclude<FailureCode, CommonCode>> & Partial<Sentences<CommonCode>>;

const CHECKSUM_SENTENCES: Readonly<Record<FailureDetails['checksum-not-found']['reason'], string>> = {
  missing: 'the file of checksums has none for the file name of the URL: give the checksum itself',
  ambiguous: 'the file of checksums has several for the file name of the URL: give the checksum itself',
  unreadable: 'the file of checksums is no text, or too large: give the checksum itself',
};

const SOURCE_FAULT_SENTENCES: Readonly<Record<NonNullable<FailureDetails['source-refused']['fault']>, string>> = {
  encoded: 'the source compresses its responses although it must not: use another URL of the file',
  endless: 'the source does not mark the end of its response: use another URL of the file',
  malformed: 'the response of the source contradicts itself: use another URL of the file',
  redirects: 'the source redirects more than 5 times: use the URL that it leads to',
  'insecure-redirect': 'the source redirects from https to http: use the URL that it leads to',
};

const COMMON_SENTENCES = {
  'wrong-credentials': () => 'wrong user name or password',
  'too-many-logins': ({ retryAfterSeconds }) => `too many failed logins: try again in ${retryAfterSeconds} s`,
  'authkey-unknown': () => 'there is no such authkey: log in again',
  'authkey-expired': () => 'the authkey has expired: log in again',
  'token-not-found': () => 'there is no such token',
  'scope-missing': ({ scope }) =>
    scope === 'login'
      ? 'no API token may do this: send an authkey, a password or the cookie of a session'
      : `this needs an API token with the scope ${scope}: create one`,
  'permission-missing': ({ permission }) => `the permission ${permission} is missing`,
  'permission-above-own': ({ permission }) => `you do not hold ${permission} on this group yourself`,
  protected: () => 'the root group and the root user cannot be changed',
  'user-not-found': () => 'there is no such user',
  'group-not-found': () => 'there is no such group',
  'pool-not-found': () => 'there is no such pool',
  'link-not-found': () => 'there is no such link',
  'idempotency-key-reused': () => 'the idempotency key belongs to another request: send a new key',
  'idempotency-key-busy': () => 'the first request with this idempotency key is under way: try again soon',
  'job-not-found': () => 'there is no such job',
  'server-not-found': () => 'there is no such server',
  'tag-not-found': () => 'there is no such tag',
  'named-tag-not-found': () => 'there is no such tag: create it first',
  'resource-not-found': () => 'there is no such drive or server to tag',
  'permission-not-found': () => 'there is no such permission',
  'user-name-taken': () => 'the user name is taken: choose another one',
  'group-name-taken': () => 'the parent has a group of this name: choose another name',
  'name-invalid': ({ reason }) => reason,
  'password-invalid': ({ reason }) => reason,
  'too-many-possessions': ({ of, max }) =>
    of === 'users'
      ? `you, your creators and the users below you create at most ${max} users together: delete some first`
      : `a user has at most ${max} ${of}: delete some first`,
  'definitions-too-large': ({ max }) =>
    `the servers, tags, drive labels and profile of a user take at most ${max} bytes of JSON together: shorten or delete some first`,
  'groups-too-deep': ({ max }) => `groups nest at most ${max} deep: choose a parent higher up`,
  'slots-invalid': ({ reasons }) => reasons.join('; '),
  'clone-too-small': ({ min }) => `a clone has at least the ${min} bytes of its source: choose a larger size`,
  'body-too-short': ({ promised, received }) =>
    `${promised} bytes were promised, ${received} arrived: send all of them again`,
  'body-too-long': ({ promised }) => `more than the promised ${promised} bytes arrived: correct content-length`,
  'body-cut-off': () => 'the body was cut off: send it again',
  'body-too-slow': () => 'the body arrived too slowly: send it again over a faster connection',
  'format-refused': ({ reason }) => `the image is refused: ${reason}`,
  'digest-mismatch': () => 'the bytes that arrived do not have the promised digest: send them again',
  unavailable: () => 'temporarily unavailable: try again later',
  'unknown-upload': () => 'there is no such upload',
  'upload-gone': () => 'the upload has ended: start a new one',
  'upload-offset-mismatch': ({ offset }) => `the upload has ${offset} bytes: continue there`,
  'upload-locked': () => 'another request sends to this upload: try again',
  'upload-verifying': () => 'the upload is being verified: try again',
  'chunk-refused': ({ reason }) => reason,
  'chunk-not-found': () => 'the chunk is not uploaded yet: send it',
  'chunk-stored': ({ number }) => `chunk ${number} is already uploaded`,
  'chunk-link-refused': () => 'the link is not valid or its time is over: ask for another one',
  'checksum-mismatch': () => 'the bytes do not have the checksum: send them again',
  'media-not-found': () => 'there is no such media item',
  'attachment-not-found': () => 'there is no such media item to attach',
  'media-protected': () => 'the item is protected from deletion: remove the protection first',
  'group-protected': ({ count, items }) => {
    const more = count > items.length ? ', ...' : '';
    const names = items.map(({ name }) => name).join(', ');
    return `the group has ${count} protected ${count === 1 ? 'item' : 'items'} (${names}${more}): remove the protection first`;
  },
  'job-ended': () => 'the job has ended: it cannot be cancelled any more',
  'media-busy': () => 'the item is busy: try again later',
  'library-disk': () => 'disks of the library cannot be attached: clone the item and attach the clone',
  'attached-elsewhere': () => 'the item is attached to another server: detach it there first',
  'attached-twice': () => 'an item is attached at most once',
  'media-not-empty': () => 'only an empty item can become smaller',
  'image-not-growable': ({ format }) => notGrowableSentence('item', format),
  'bytes-missing': () => 'the bytes of the item cannot be read at the moment: try again later',
  'bytes-damaged': () => 'the bytes of the item are damaged: ask the operator to restore them',
  'imports-off': () => 'the operator has switched imports off (PLATTER_IMPORT=off): upload the file instead',
  'url-invalid': ({ reason }) => reason,
  'source-unreachable': () =>
    'no connection to the host of the URL: check its name, port and certificate, and whether this server may import from it',
  'source-refused': ({ status, fault }) =>
    fault === undefined ? `the source responded with status ${status}: check the URL` : SOURCE_FAULT_SENTENCES[fault],
  'source-changed': () => 'the bytes at the URL changed during the import: import them again',
  'length-required': () => 'the source does not tell its length: name the largest size that it may have',
  'source-too-large': ({ max }) => `the source has more than ${max} bytes: name a larger size`,
  'source-cut-off': ({ received, length }) =>
    `received ${length === null ? `${received} bytes of an unknown length` : shareSentence(received, length)}: import it again`,
  'checksum-differs': ({ expected, actual }) => `the checksum is ${actual} instead of ${expected}: check the source`,
  'checksum-not-found': ({ reason }) => CHECKSUM_SENTENCES[reason],
  'import-expired': ({ maxSeconds }) => `the import took longer than ${maxSeconds} s: use a faster source`,
  'no-space': () => 'the storage of the pool is full: ask the operator for more space',
  'search-too-broad': () => 'the search takes too long: narrow it',
} as const satisfies Partial<Sentences<FailureCode>>;

/**
 * Returns the function from a failure to its message for clients, with the sentences of a dialect
 * before the common ones. A message never holds a secret, a path or an internal cause.
 */
export function sentencesOf(own: DialectSentences): <Code extends FailureCode>(error: DomainError<Code>) => string {
  const sentences: Sentences<FailureCode> = { ...COMMON_SENTENCES, ...own };
  return (error) => sentences[error.code](error.detail);
}

type BytesExceeded = Extract<FailureDetails['quota-exceeded'], { readonly needed: unknown }>;

/** Returns the message when a limit in bytes does not allow what a request needs. */
export function quotaSentence({ needed, left, limitedBy, setting, growsTo }: BytesExceeded): string {
  if (left === null) {
    const cause = setting === undefined ? '' : ` with this ${setting}`;
    return `${needed} bytes are more than the ${limitedBy} can store as one item${cause}`;
  }
  return growsTo === undefined
    ? `${limitedBy} quota exceeded: ${needed} bytes needed, ${left} bytes left`
    : `${limitedBy} quota exceeded: a writable image may grow to its virtual size of ${growsTo} bytes, by ${needed} bytes, ` +
        `and ${left} bytes are left; make it read-only, convert it to raw, or ask for a larger quota`;
}

/**
 * Returns the message when `owner`, an item or a drive, holds an image whose header has the size of
 * its disk.
 */
export function notGrowableSentence(owner: string, format: string): string {
  return (
    `the ${owner} holds a ${format} image, whose header has the size of its disk, so that bytes added behind it change nothing for a guest: ` +
    `download it, enlarge its disk with "qemu-img resize" (after "qemu-img convert -O raw" if that cannot resize the format), and upload it again`
  );
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Returns how much of a length arrived, like "41 of 42 GiB", in a unit that shows a difference. */
export function shareSentence(received: number, length: number): string {
  const largest = Math.max(0, Math.floor(Math.log2(Math.max(1, length)) / 10));
  for (let at = Math.min(largest, UNITS.length - 1); at > 0; at -= 1) {
    const [some, all] = [received, length].map((value) => Math.round((value / 1024 ** at) * 10) / 10);
    if (some !== all) return `${some} of ${all} ${UNITS[at]}`;
  }
  return `${received} of ${length} bytes`;
}
