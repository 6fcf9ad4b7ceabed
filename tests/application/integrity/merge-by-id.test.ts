import { readPages, mergeById } from '../../../src/application/integrity/merge-by-id.ts';

interface Item {
  readonly id: string;
}

const itemsOf = (letters: string): readonly Item[] => Array.from(letters).map((id) => ({ id }));

/** Returns a stream in pages of `size` letters, and counts its reads. */
function inPages(letters: string, size: number) {
  const asked: (string | null)[] = [];
  const items = readPages<Item>(async (after) => {
    asked.push(after?.id ?? null);
    return Promise.resolve(
      itemsOf(
        Array.from(letters)
          .filter((id) => after === null || id > after.id)
          .slice(0, size)
          .join(''),
      ),
    );
  });
  return { items, asked };
}

/** Returns each pair as two letters, with a dash for a missing item. */
async function walked(left: string, right: string, leftSize: number, rightSize: number): Promise<string> {
  const pairs = [];
  for await (const pair of mergeById(inPages(left, leftSize).items, inPages(right, rightSize).items)) {
    expect([pair.left?.id ?? pair.id, pair.right?.id ?? pair.id]).toEqual([pair.id, pair.id]);
    pairs.push((pair.left?.id ?? '-') + (pair.right?.id ?? '-'));
  }
  return pairs.join(' ');
}

describe('mergeById and readPages', () => {
  it.each([
    ['', '', ''],
    ['abc', '', 'a- b- c-'],
    ['', 'abc', '-a -b -c'],
    ['abcdefg', 'abcdefg', 'aa bb cc dd ee ff gg'],
    ['ace', 'bdf', 'a- -b c- -d e- -f'],
    ['abcdef', 'cd', 'a- b- cc dd e- f-'],
    ['cd', 'abcdefgh', '-a -b cc dd -e -f -g -h'],
  ])('pairs %p with %p', async (left, right, pairs) => {
    for (const [leftSize, rightSize] of [
      [2, 3],
      [1, 1],
      [100, 1],
      [3, 100],
    ] as const)
      expect(await walked(left, right, leftSize, rightSize)).toBe(pairs);
  });

  it('reads each page after the last item of the previous one, and none too early', async () => {
    const { items, asked } = inPages('abcde', 2);
    expect([(await items.next()).value, asked]).toEqual([{ id: 'a' }, [null]]);
    expect([(await items.next()).value, asked]).toEqual([{ id: 'b' }, [null]]);
    expect([(await items.next()).value, asked]).toEqual([{ id: 'c' }, [null, 'b']]);
    const rest = [];
    for await (const { id } of items) rest.push(id);
    expect([rest, asked]).toEqual([
      ['d', 'e'],
      [null, 'b', 'd', 'e'],
    ]);
  });
});
