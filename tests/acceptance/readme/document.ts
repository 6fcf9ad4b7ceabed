import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Commands of a document with their output. */
export interface Step {
  readonly commands: string;
  /** Empty if the document shows no output. */
  readonly expectedOutput: string;
}

/** Returns the text of a document of this project. */
export function documentText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Returns the Markdown below a heading, up to the next one of its level or above. */
export function sectionOf(text: string, heading: string): string {
  const level = heading.indexOf(' ');
  const [, after] = text.split(`\n${heading}\n`);
  if (after === undefined) throw new Error(`There is no heading "${heading}"`);
  return after.split(new RegExp(`\\n#{1,${level}} `))[0]!;
}

/** Returns the `sh` blocks of a Markdown text, each with the `text` block that follows it. */
export function stepsIn(text: string): readonly Step[] {
  const blocks = [...text.matchAll(/^```(sh|text)\n(.*?)^```$/gms)].map(([, kind, content]) => ({
    kind,
    content: content!,
  }));
  return blocks.flatMap(({ kind, content }, at) => {
    if (kind !== 'sh') return [];
    const next = blocks[at + 1];
    return [{ commands: content, expectedOutput: next?.kind === 'text' ? next.content : '' }];
  });
}
