import type ts from 'typescript';
import { commentsOf, identifiersOf, inWords, type SourceFile } from './source-files.ts';
import type { StyleRule } from './style-rules.ts';

/** The widest line of a comment, in columns. */
const MAX_COMMENT_COLUMNS = 100;

/**
 * Words that meant several things each, and the words of the glossary that replaced them
 * (docs/glossary.md). Columns and markers that are stored keep their former names, and so does what
 * reads them.
 */
const RETIRED_WORDS =
  /\b(?:standings?|deeds?|tally|tallies|intake|hindrances?|hindered|unlooked|sights?|yards?|shelf|shelves|desk|faucet|turnstile|labelled|parting|give back|take room|take out|let settle|recognised?|recognises|wire fault|whom|whose|gift|shown|told|most|traces?|settles?|settled|settling|turns|few at once|spare chunks|sync along)\b/;

const STORED_NAMES =
  /^src\/adapters\/postgres\/|^src\/adapters\/blobs\/shared\/owner\.ts$|^src\/infrastructure\/config\/pools-file\.ts$/;

/** Settings that operators have in their environment. */
const OPERATORS_NAMES: ReadonlySet<string> = new Set(['PLATTER_S3_SETTLE']);

/** Words that stand in a sentence where a noun is missing. */
const VAGUE_WORDS =
  /\b(?:who(?:m|so)?ever|(?:some|no|any|every)body|someone|anyone|by (?:it|them)sel(?:f|ves)|can(?: no|')t)\b/gi;

const lineOf = (syntax: ts.SourceFile, position: number): number =>
  syntax.getLineAndCharacterOfPosition(position).line + 1;

export const LANGUAGE_RULES: readonly StyleRule[] = [
  {
    promise: 'names things with the words of the glossary',
    because: 'A retired word had three to six meanings. Readers cannot tell which of them a new name means.',
    faults: (file: SourceFile): readonly string[] => {
      if (file.path.startsWith('src/adapters/postgres/migrations')) return [];
      const names = identifiersOf(file)
        .filter((name) => !OPERATORS_NAMES.has(name))
        .map(inWords);
      const places =
        STORED_NAMES.test(file.path) || file.path.startsWith('tests/')
          ? []
          : names.filter((name) => /\bplaces?\b/.test(name) && !/\bin place\b/.test(name));
      return [...new Set([...names.filter((name) => RETIRED_WORDS.test(name)), ...places])];
    },
    breaches: {
      'src/domain/a.ts': 'export interface BlobStanding {}',
      'src/domain/b.ts': 'function run(place: number) {}',
      'src/application/c.ts': 'class Quota { takeRoom() {} }',
      'tests/support/d.ts': 'const yard = 1;',
    },
    allowed: {
      'src/domain/a.ts': 'const isWrittenInPlace = true; replace(1);',
      'src/adapters/postgres/b.ts': 'interface Row { readonly place: number }',
      'src/domain/c.ts': '// The place of a deed.\nconst location = 1;',
    },
  },
  {
    promise: 'names in comments who and what it speaks of',
    because: 'A sentence about nobody in particular has to be read twice.',
    faults: ({ syntax, ...file }) =>
      commentsOf({ syntax, ...file }).flatMap(({ text, position }) =>
        [
          ...text
            .replace(/`[^`]*`/g, '')
            .replace(/\n\s*(?:\*|\/\/)/g, ' ')
            .replace(/\s+/g, ' ')
            .matchAll(VAGUE_WORDS),
        ].map(([word]) => `line ${lineOf(syntax, position)}: ${word}`),
      ),
    breaches: {
      'src/domain/a.ts': '/** Whoever asks. */',
      'src/domain/b.ts': "// It can't end by\n// itself.",
    },
    allowed: { 'src/domain/a.ts': "/** The caller cannot end `nobody`. */ const text = 'nobody';" },
  },
  {
    promise: `wraps comments at ${MAX_COMMENT_COLUMNS} columns`,
    because: 'Long lines of prose are hard to read beside code.',
    faults: ({ text, syntax, ...file }: SourceFile): readonly string[] => {
      const lines = text.split('\n');
      return commentsOf({ text, syntax, ...file }).flatMap(({ text: comment, position }) => {
        const first = lineOf(syntax, position);
        return comment.split('\n').flatMap((_, index) => {
          const columns = lines[first - 1 + index]?.length ?? 0;
          return columns > MAX_COMMENT_COLUMNS ? [`line ${first + index}: ${columns} columns`] : [];
        });
      });
    },
    breaches: { 'src/domain/a.ts': `// ${'word '.repeat(20)}.` },
    allowed: { 'src/domain/a.ts': `const text = '${'word '.repeat(20)}';\n// word` },
  },
];
