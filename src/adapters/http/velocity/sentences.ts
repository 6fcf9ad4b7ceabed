import { quotaSentence, sentencesOf } from '../shared/error-sentences.ts';

/** Returns the message of a failure, in the words of this dialect. */
export const sentenceOf = sentencesOf({
  'not-authenticated': () => 'a valid authkey is required: log in with POST /u/auth',
  'home-group-missing': () => 'you have no home group: set one with PATCH /u/user',
  'home-group-forbidden': () =>
    'the user does not hold velocity.media.create on this group: grant it first, then set the home group',
  'root-rights-fixed': () =>
    'the root group has write and manage on every pool by configuration: send both as true to set its quota',
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
  'media-published': () => 'the item belongs to the library',
});
