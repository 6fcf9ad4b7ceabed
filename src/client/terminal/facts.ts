import { printable } from '../values/printable.ts';

const NAME_WIDTH = 14;

/** A name and a value; null when there is nothing to say. */
export type Fact = readonly [name: string, value: string | null];

/** Returns a line for each fact that has a value. */
export function factLines(facts: readonly Fact[]): string {
  return facts
    .flatMap(([name, value]) => (value === null ? [] : [`${`${name}:`.padEnd(NAME_WIDTH)}${printable(value)}`]))
    .join('\n');
}
