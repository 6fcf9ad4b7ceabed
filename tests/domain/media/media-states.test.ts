import {
  counts,
  isUnderWay,
  mayFollow,
  statesBefore,
  type MediaState,
} from '../../../src/domain/media/media-states.ts';

const STATES: readonly MediaState[] = [
  'creating',
  'uploading',
  'cloning',
  'resizing',
  'unsharing',
  'moving',
  'ready',
  'trashed',
  'removing',
];

describe('The states of a media item', () => {
  it.each<[MediaState, { counts: boolean; underway: boolean; next: readonly MediaState[] }]>([
    ['creating', { counts: true, underway: true, next: ['ready', 'removing'] }],
    ['uploading', { counts: true, underway: true, next: ['ready', 'removing'] }],
    ['cloning', { counts: true, underway: true, next: ['ready', 'removing'] }],
    ['resizing', { counts: true, underway: false, next: ['ready', 'removing'] }],
    ['unsharing', { counts: false, underway: false, next: ['removing'] }],
    ['moving', { counts: true, underway: false, next: ['removing'] }],
    ['ready', { counts: true, underway: false, next: ['resizing', 'trashed', 'removing'] }],
    ['trashed', { counts: true, underway: false, next: ['ready', 'removing'] }],
    ['removing', { counts: false, underway: false, next: [] }],
  ])('%s has the properties of the table', (state, expected) => {
    expect(counts(state)).toBe(expected.counts);
    expect(isUnderWay(state)).toBe(expected.underway);
    expect(STATES.filter((to) => mayFollow(state, to))).toEqual(expected.next);
  });

  it('lead to removing from each state, and never back except from resizing and the trash', () => {
    for (const state of STATES) {
      expect(mayFollow(state, state)).toBe(false);
      if (state !== 'removing') expect(mayFollow(state, 'removing')).toBe(true);
      for (const next of STATES) {
        const returns = [state, next].some((one) => one === 'resizing' || one === 'trashed');
        if (mayFollow(state, next)) expect(mayFollow(next, state)).toBe(returns && next !== 'removing');
      }
    }
  });

  it('are returned by statesBefore for each state that may follow', () => {
    expect(statesBefore('ready')).toEqual(['creating', 'uploading', 'cloning', 'resizing', 'trashed']);
    expect(statesBefore('removing')).toEqual(STATES.filter((state) => state !== 'removing'));
    expect(statesBefore('uploading')).toEqual([]);
  });
});
