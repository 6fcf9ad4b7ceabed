import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { anchorsOf, citationsInComments, citationsInMarkdown, faultOf, type Citation } from './citations.ts';
import { sourceFiles } from './source-files.ts';

const markdown = ['.', 'docs']
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  .filter((path) => path.endsWith('.md'));

const sources = sourceFiles('src', 'tests', 'bench').filter(({ path }) => !path.startsWith('tests/architecture/'));

function faultsOf(path: string, citations: readonly Citation[]): readonly string[] {
  return citations.flatMap((citation) => {
    const fault = faultOf(citation);
    return fault === null ? [] : [`${path}: ${fault}`];
  });
}

describe('Every citation', () => {
  it('in a comment names an existing file and heading of this repository', () => {
    expect(sources.flatMap(({ path, text }) => faultsOf(path, citationsInComments(text)))).toEqual([]);
  });

  it('of a document in a comment names a heading', () => {
    const vague = sources.flatMap(({ path, text }) =>
      citationsInComments(text)
        .filter((one) => one.path.endsWith('.md') && one.anchor === null)
        .map(({ written }) => `${path}: ${written}`),
    );
    expect(vague).toEqual([]);
  });

  it('in a document names an existing file and heading of this repository', () => {
    const faults = markdown.flatMap((path) => faultsOf(path, citationsInMarkdown(path, readFileSync(path, 'utf8'))));
    expect(faults).toEqual([]);
  });

  it('is found: there are enough of them', () => {
    expect(sources.flatMap(({ text }) => citationsInComments(text)).length).toBeGreaterThan(50);
    const links = markdown.flatMap((path) => citationsInMarkdown(path, readFileSync(path, 'utf8')));
    expect(links.length).toBeGreaterThan(30);
  });
});

describe('The search for citations', () => {
  it.each([
    ['a document of another repository', '/** Five at most (media-management.md, "Limits"). */', 'media-management.md'],
    ['a missing heading', '// docs/velocity.md#no-such-heading', 'docs/velocity.md#no-such-heading'],
    ['a missing document', '/* (docs/lost.md#errors) */', 'docs/lost.md#errors'],
    ['a recording of another repository', 'call(); // dumps/response.http', 'dumps/response.http'],
    ['a folder beside the checkout', '/** See ../beside/velocity.md#errors */', '../beside/velocity.md#errors'],
  ])('notices %s in a comment', (_what, text, written) => {
    expect(faultsOf('x', citationsInComments(text))).toEqual([expect.stringContaining(written)]);
  });

  it.each([
    ['a link to a missing heading', 'See [this](velocity.md#no-such-heading).'],
    ['a link to a missing document', 'See [this](lost.md).'],
    ['a link to a missing heading of its own', 'See [this](#no-such-heading).'],
    ['a document that it names', 'The rule stands in docs/lost.md.'],
  ])('notices %s in a document', (_what, text) => {
    expect(faultsOf('x', citationsInMarkdown('docs/security.md', text))).toHaveLength(1);
  });

  it('accepts existing targets, and text that is no citation', () => {
    const comment =
      '/** (docs/velocity.md#errors), README.md#start */ const name = "lost.md"; // at https://a.example/x.md';
    expect(faultsOf('x', citationsInComments(comment))).toEqual([]);
    const links = '[a](velocity.md#errors) [b](../README.md) [c](https://a.example/lost.md) [d](#the-log)';
    expect(faultsOf('x', citationsInMarkdown('docs/operations.md', links))).toEqual([]);
  });

  it('computes the anchors of headings as GitHub does', () => {
    const text = '# `PUT /m`: one, two\n\n```sh\n# a comment\n```\n\n## Pools\n\n## Pools\n';
    expect([...anchorsOf(text)]).toEqual(['put-m-one-two', 'pools', 'pools-1']);
  });
});
