import { inWords, parsed, sourceFiles, spokenTexts } from './source-files.ts';
import { LANGUAGE_RULES } from './language-rules.ts';
import { EXCEPTIONS, STYLE_RULES } from './style-rules.ts';

const sources = sourceFiles('src', 'tests', 'bench', 'console');

describe('The style of the sources', () => {
  describe.each([...STYLE_RULES, ...LANGUAGE_RULES])('$promise', ({ faults, breaches, allowed }) => {
    it('everywhere', () => {
      expect(sources.flatMap((file) => faults(file).map((fault) => `${file.path}: ${fault}`))).toEqual([]);
    });

    it('and reports breaches', () => {
      const unnoticed = Object.entries(breaches).filter(([path, text]) => faults(parsed(path, text)).length === 0);
      expect(unnoticed).toEqual([]);
    });

    it('and reports nothing else', () => {
      expect(Object.entries(allowed).flatMap(([path, text]) => faults(parsed(path, text)))).toEqual([]);
    });
  });

  it('has no unused exceptions', () => {
    const needed = ({ path, words }: (typeof EXCEPTIONS)[number]): boolean =>
      sources.some(
        (file) => path.test(file.path) && spokenTexts(file).some((text) => inWords(text).search(words) >= 0),
      );
    expect(EXCEPTIONS.filter((exception) => !needed(exception))).toEqual([]);
  });
});
