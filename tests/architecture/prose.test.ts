import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCUMENTS = ['.', 'docs']
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  .filter((path) => path.endsWith('.md'));

/** Words that stand where a noun is missing, or that are spelled in two ways. */
const VAGUE =
  /\b(?:who(?:m|so)?ever|(?:some|no|any|every)body|by (?:it|them)sel(?:f|ves)|can(?: no|')t|pieces? of media)\b/gi;

/** The vague words of a Markdown text, outside of code. */
function vagueWords(text: string): readonly string[] {
  const prose = text
    .replace(/^ *```.*?^ *```$/gms, '')
    .replace(/`[^`]*`/g, '')
    .replace(/\s+/g, ' ');
  return prose.match(VAGUE) ?? [];
}

it.each(DOCUMENTS)('%s names who and what it speaks of', (path) => {
  expect(vagueWords(readFileSync(path, 'utf8'))).toEqual([]);
});

it('The look for vague words finds them in prose, and not in code', () => {
  const text = "Whoever asks can\nnot be told: it can't be seen by\nitself. A piece of media belongs to nobody.";
  expect(vagueWords(text)).toEqual(['Whoever', 'can not', "can't", 'by itself', 'piece of media', 'nobody']);
  expect(vagueWords("`nobody` cannot be seen\n\n```\nwhoever can't\n```\n")).toEqual([]);
});
