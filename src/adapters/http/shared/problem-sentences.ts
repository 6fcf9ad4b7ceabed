import { quotaSentence, sentencesOf } from './error-sentences.ts';

/** Returns the `detail` of a problem: what is wrong, then what to do. */
export const problemSentence = sentencesOf({
  'not-authenticated': () =>
    'valid credentials are required: send an authkey as Authorization: Bearer, or a name and a password as Basic',
  'home-group-missing': () => 'you have no home group: set one, or name a group',
  'home-group-forbidden': () => 'the user does not hold velocity.media.create on this group: grant it first',
  'root-rights-fixed': () => 'the root group has write and manage on every pool by configuration',
  'media-name-taken': () =>
    'the pool has a media item or an upload of this name: choose another name, or delete that one',
  'not-manager': () => 'the group may not manage this pool: choose another one, or have it assigned with manage',
  'not-writer': () => 'the group may not write to this pool: choose another one, or have it assigned with write',
  'quota-exceeded': (detail) =>
    detail.limitedBy === 'items'
      ? `the group has the maximum of ${detail.max} items in this pool: delete some first`
      : quotaSentence(detail),
  'media-in-use': () => 'a server or the library uses the item: detach it first',
  'media-published': () => 'the item belongs to the library: clone it first',
  'body-too-slow': () => 'the body arrived too slowly: send it over a faster connection',
  'unknown-upload': () => 'there is no such upload: create one',
  'upload-gone': () => 'the upload expired, was aborted, or its image was refused: create another one',
  'checksum-mismatch': () => 'the bytes of this request do not have its checksum and were discarded: send them again',
});
