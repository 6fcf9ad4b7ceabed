import * as fc from 'fast-check';
import type { CloneNaming } from '../../../src/domain/access/profile.ts';
import { cloneLabel } from '../../../src/domain/library/clone-naming.ts';

const NOW = new Date('2014-06-05T09:45:56.789Z');
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
const label = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }).filter((text) => bytesOf(text) <= 255);

describe('cloneLabel', () => {
  it.each<[CloneNaming, string, string]>([
    ['NONE', 'test', 'test'],
    ['COUNTER', 'test', 'test_1'],
    ['COUNTER', 'test_1', 'test_2'],
    ['COUNTER', 'test_99', 'test_100'],
    ['COUNTER', 'test_99999999999999999999', 'test_100000000000000000000'],
    ['COUNTER', 'test_', 'test__1'],
    ['COUNTER', 'test_1b', 'test_1b_1'],
    ['COUNTER', '_7', '_8'],
    ['DATE', 'test', 'test-2014-06-05'],
    ['DATE', 'test-2013-12-31', 'test-2014-06-05'],
    ['DATE', 'test-2013-12-31_4', 'test-2014-06-05'],
    ['DATE', 'test-2014-06-05', 'test-2014-06-05_1'],
    ['DATE', 'test-2014-06-05_1', 'test-2014-06-05_2'],
    ['DATE', 'test 2013-12-31', 'test 2013-12-31-2014-06-05'],
    ['TIMESTAMP', 'test', 'test-2014-06-05 09:45:56'],
    ['TIMESTAMP', 'test-2014-06-05 09:45:55', 'test-2014-06-05 09:45:56'],
    ['TIMESTAMP', 'test-2014-06-05 09:45:56', 'test-2014-06-05 09:45:56_1'],
    ['TIMESTAMP', 'test-2014-06-05', 'test-2014-06-05-2014-06-05 09:45:56'],
  ])('with %s makes of %j: %j', (naming, source, clone) => {
    expect(cloneLabel(source, naming, NOW)).toBe(clone);
  });

  it('stays within the 255 bytes of a name, in whole characters', () => {
    expect(cloneLabel('ä'.repeat(127), 'COUNTER', NOW)).toBe(`${'ä'.repeat(126)}_1`);
    expect(cloneLabel('a'.repeat(255), 'DATE', NOW)).toBe(`${'a'.repeat(244)}-2014-06-05`);
  });

  it('always differs from the label of the source, unless naming is off', () => {
    fc.assert(
      fc.property(label, fc.constantFrom<CloneNaming>('COUNTER', 'DATE', 'TIMESTAMP'), (source, naming) => {
        const clone = cloneLabel(source, naming, NOW);
        expect(clone).not.toBe(source);
        expect(bytesOf(clone)).toBeLessThanOrEqual(255);
        expect(clone.isWellFormed()).toBe(true);
        expect(cloneLabel(source, 'NONE', NOW)).toBe(source);
      }),
    );
  });

  it('does not grow from clone to clone, except for the digits of its number', () => {
    fc.assert(
      fc.property(label, fc.constantFrom<CloneNaming>('COUNTER', 'DATE', 'TIMESTAMP'), (source, naming) => {
        const first = cloneLabel(source, naming, NOW);
        const later = cloneLabel(first, naming, new Date('2015-01-01T00:00:00Z'));
        expect(bytesOf(later)).toBeLessThanOrEqual(bytesOf(first) + 1);
      }),
    );
  });
});
