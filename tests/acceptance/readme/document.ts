import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Commands of a walk-through with what they print. */
export interface Step {
  readonly commands: string;
  /** Empty where nothing is shown. */
  readonly shown: string;
}

/** The text of a document of this project. */
export function documentText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The part of a Markdown text below a heading, up to the next one of its level or above. */
export function sectionOf(text: string, heading: string): string {
  const level = heading.indexOf(' ');
  const [, after] = text.split(`\n${heading}\n`);
  if (after === undefined) throw new Error(`There is no heading "${heading}"`);
  return after.split(new RegExp(`\\n#{1,${level}} `))[0]!;
}

/** The shell blocks of a Markdown text, each with the text block right after it. */
export function stepsIn(text: string): readonly Step[] {
  const blocks = [...text.matchAll(/^```(sh|text)\n(.*?)^```$/gms)].map(([, kind, content]) => ({
    kind,
    content: content!,
  }));
  return blocks.flatMap(({ kind, content }, at) => {
    if (kind !== 'sh') return [];
    const next = blocks[at + 1];
    return [{ commands: content, shown: next?.kind === 'text' ? next.content : '' }];
  });
}
