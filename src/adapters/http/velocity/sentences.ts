import { notGrowableSentence, quotaSentence, sentencesOf } from '../shared/error-sentences.ts';

/** Returns the message of a failure, in the words of this dialect. */
export const sentenceOf = sentencesOf({
  'not-authenticated': () => 'a valid authkey is required: log in with POST /u/auth',
  'home-group-missing': () => 'you have no home group: set one with PATCH /u/user',
  'home-group-forbidden': () =>
    'the user does not hold velocity.media.create on this group: grant it first, then set the home group',
  'root-rights-fixed': () =>
    'the root group has write and manage on every pool by configuration: send both as true to set its quota',
  'media-not-found': () => 'there is no such media item',
  'attachment-not-found': () => 'there is no such media item to attach',
  'media-name-taken': () => 'the pool has a media item of this name: choose another name',
  'not-manager': () => 'the group may not manage this pool',
  'not-writer': () => 'the group may not write to this pool',
  'quota-exceeded': (detail) =>
    detail.limitedBy === 'items'
      ? `the group has the maximum of ${detail.max} items in this pool: remove some first`
      : quotaSentence(detail),
  'media-in-use': ({ servers, named }) => {
    if (servers === 0) return 'the item belongs to the library, which only the operator changes';
    const more = servers > named.length ? ' and others' : '';
    return `the item is in use: ${servers} ${servers === 1 ? 'server has' : 'servers have'} it (${named.join(', ')}${more})`;
  },
  'media-busy': () => 'the item is busy: try again later',
  'media-published': () => 'the item belongs to the library',
  'library-disk': () => 'disks of the library cannot be attached: clone the item and attach the clone',
  'attached-elsewhere': () => 'the item is attached to another server: detach it there first',
  'attached-twice': () => 'an item is attached at most once',
  'media-not-empty': () => 'only an empty item can become smaller',
  'image-not-growable': ({ format }) => notGrowableSentence('item', format),
  'bytes-missing': () => 'the bytes of the item cannot be read at the moment: try again later',
  'bytes-damaged': () => 'the bytes of the item are damaged: ask the operator to restore them',
  'no-space': () => 'the storage of the pool is full: ask the operator for more space',
  'search-too-broad': () => 'the search takes too long: narrow it',
  'pool-not-resumable': () =>
    'this pool takes only uploads in one request: choose another one, or send all bytes at once',
});
