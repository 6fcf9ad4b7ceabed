import { notGrowableSentence, quotaSentence, sentencesOf } from '../shared/error-sentences.ts';

/** Returns the message of a failure, in the words of this dialect. */
export const sentenceOf = sentencesOf({
  'not-authenticated': () => 'a user name and a password are required',
  'home-group-missing': () =>
    'you have no home group in which you may create drives: choose a group on which you hold velocity.media.create ' +
    'and set it with PATCH /u/user {"home_gid": <gid>} in the Velocity API, or ask the user who created you or the operator to do so',
  'home-group-forbidden': () => 'the user may not create drives in this group',
  'root-rights-fixed': () => 'the rights of the root group cannot be changed',
  'media-not-found': () => 'there is no such drive',
  'attachment-not-found': () => 'there is no such drive',
  'media-name-taken': () => 'other requests took this name at the same moment: try again',
  'not-manager': () => 'your group may not manage the storage',
  'not-writer': () => 'your group may not write to the storage',
  'quota-exceeded': (detail) =>
    detail.limitedBy === 'items'
      ? `your group has the maximum number of drives, ${detail.max} in one storage: delete some first`
      : quotaSentence(detail),
  'media-in-use': () => 'the drive is in use',
  'media-protected': () => 'the drive is protected from deletion: remove the protection first',
  'media-busy': () => 'the drive is busy: try again once its status has changed',
  'media-published': () => 'the drive belongs to the library: clone it first',
  'library-disk': () => 'disks of the library cannot be attached: clone the drive and attach the clone',
  'attached-elsewhere': () => 'another server has the drive: detach it there, or set allow_multimount',
  'attached-twice': () => 'a drive without allow_multimount is attached once',
  'media-not-empty': () => 'only an empty drive can become smaller',
  'image-not-growable': ({ format }) => notGrowableSentence('drive', format),
  'bytes-missing': () => 'the bytes of the drive cannot be read at the moment: try again later',
  'bytes-damaged': () => 'the bytes of the drive are damaged: ask the operator to restore them',
  'no-space': () => 'the storage is full: ask the operator for more space',
  'search-too-broad': () => 'the search takes too long: send fewer or narrower filters',
});
