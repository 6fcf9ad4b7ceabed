import { CommandFailure } from '../command-failure.ts';
import { printable } from '../values/printable.ts';

/** A beginning of an id, of at least four digits. */
const PREFIX = /^[\da-f]{4}[\da-f-]{0,32}$/i;

/** What messages say of the things among which one is sought. */
export interface Sought<T> {
  /** As in `there is no job`. */
  readonly missing: string;
  /** As in `several jobs`. */
  readonly several: string;
  /** What to do when there is none. */
  readonly advice: string;
  readonly nameOf: (one: T) => string | null;
  readonly describe: (one: T) => string;
}

/**
 * Finds the one thing that a text means: by its name, its id, or a beginning of the id that no
 * other has.
 *
 * @throws notFound without one; usage with several, which the message lists
 */
export function findById<T extends { readonly id: string }>(all: readonly T[], text: string, sought: Sought<T>): T {
  const found = all.filter(
    (one) => sought.nameOf(one) === text || (PREFIX.test(text) && one.id.startsWith(text.toLowerCase())),
  );
  const [first] = found;
  if (first === undefined) {
    throw new CommandFailure('notFound', `${sought.missing} "${printable(text)}"`, sought.advice);
  }
  if (found.length === 1) return first;
  const candidates = found.map((one) => `  ${one.id}  ${printable(sought.describe(one))}`);
  throw new CommandFailure(
    'usage',
    `"${printable(text)}" means several ${sought.several}:\n${candidates.join('\n')}`,
    'Use more of the id.',
  );
}
