import type { WholeList } from '../../../domain/shared/page.ts';

/** A chunk is sent when it has this many characters; it has at most one object more. */
const MIN_CHUNK_CHARACTERS = 65_536;

/** A list that has more than its first batch. */
type ContinuedList<T> = WholeList<T> & { readonly rest: object };

function isContinued<T>(list: WholeList<T>): list is ContinuedList<T> {
  return list.rest !== null;
}

/**
 * The JSON of a long list: its text in chunks. `end` releases the source; call it when the text is
 * not read any more.
 */
export class StreamedList {
  readonly chunks: AsyncIterable<string>;
  readonly end: () => void;

  constructor(parts: AsyncIterable<string>, end: () => void) {
    this.chunks = parts;
    this.end = end;
  }
}

/** Returns the JSON of `head` with the objects of a list as its last field. */
export function streamList<T>(
  head: object,
  field: string,
  { items, rest }: ContinuedList<T>,
  wire: (item: T) => object,
): StreamedList {
  const begun = JSON.stringify({ ...head, [field]: [] }).slice(0, -']}'.length);
  return new StreamedList(chunksOf(begun, prepend(items, rest.batches), wire), rest.end);
}

/**
 * Returns `head` with the objects of a list as its last field. A long list is read while it is
 * sent.
 */
export function wholeOrStreamed<T>(head: object, field: string, list: WholeList<T>, wire: (item: T) => object): object {
  if (isContinued(list)) return streamList(head, field, list, wire);
  return { ...head, [field]: list.items.map((item) => wire(item)) };
}

async function* chunksOf<T>(
  head: string,
  batches: AsyncIterable<readonly T[]>,
  wire: (item: T) => object,
): AsyncGenerator<string> {
  let part = head;
  let separator = '';
  for await (const batch of batches) {
    for (const item of batch) {
      part += separator + JSON.stringify(wire(item));
      separator = ',';
      if (part.length >= MIN_CHUNK_CHARACTERS) {
        yield part;
        part = '';
      }
    }
  }
  yield `${part}]}`;
}

async function* prepend<T>(first: readonly T[], rest: AsyncIterable<readonly T[]>): AsyncGenerator<readonly T[]> {
  yield first;
  yield* rest;
}
