import {
  counts,
  isUnderWay,
  mayFollow,
  statesBefore,
  type MediaState,
} from '../../../src/domain/media/media-states.ts';

const STATES: readonly MediaState[] = ['creating', 'uploading', 'ready', 'removing'];

describe('The states of media', () => {
  it.each<[MediaState, { counts: boolean; underWay: boolean; next: readonly MediaState[] }]>([
    ['creating', { counts: true, underWay: true, next: ['ready', 'removing'] }],
    ['uploading', { counts: true, underWay: true, next: ['ready', 'removing'] }],
    ['ready', { counts: true, underWay: false, next: ['removing'] }],
    ['removing', { counts: false, underWay: false, next: [] }],
  ])('%s are what the table says', (state, expected) => {
    expect(counts(state)).toBe(expected.counts);
    expect(isUnderWay(state)).toBe(expected.underWay);
    expect(STATES.filter((to) => mayFollow(state, to))).toEqual(expected.next);
  });

  it('lead from each to its end, and never back', () => {
    for (const state of STATES) {
      expect(mayFollow(state, state)).toBe(false);
      if (state !== 'removing') expect(mayFollow(state, 'removing')).toBe(true);
      for (const next of STATES) if (mayFollow(state, next)) expect(mayFollow(next, state)).toBe(false);
    }
  });

  it('are known by what may come before', () => {
    expect(statesBefore('ready')).toEqual(['creating', 'uploading', 'cloning', 'resizing']);
    expect(statesBefore('removing')).toEqual(['creating', 'uploading', 'cloning', 'resizing', 'ready']);
    expect(statesBefore('uploading')).toEqual([]);
  });
});
