import {
  COMMON_ERRORS,
  OPERATIONS,
  PROTOCOL_ERRORS,
  UPLOAD_HEADERS,
} from '../../../src/adapters/http/velocity/errors.ts';
import { documentText, sectionOf } from '../readme/document.ts';
import { canMount } from './small-filesystem.ts';
import { expectError, type Provocation } from './provocation.ts';
import { ANYWHERE, AUTH } from './provocations-anywhere.ts';
import { CONTENT, MEDIA, POOLS } from './provocations-media.ts';
import { UPLOAD } from './provocations-upload.ts';
import { GROUPS, USERS } from './provocations-users.ts';
import { openScene, type Scene } from './scene.ts';

const PROVOCATIONS: Readonly<Record<string, readonly Provocation[]>> = {
  'any call': ANYWHERE,
  '/u/auth': AUTH,
  '/u/user': USERS,
  '/u/group': GROUPS,
  '/m/pool': POOLS,
  '/m/media': MEDIA,
  '/m/media/upload': UPLOAD,
  '/m/media/{mid}/content': CONTENT,
};

/** Rows that no test can provoke: code → status and reason. */
const UNREACHABLE: Readonly<Record<number, readonly [status: number, why: string]>> = {
  ...(canMount ? {} : { 302: [507, 'this host does not let us mount a small filesystem'] }),
};

const all = Object.values(PROVOCATIONS).flat();
const provoked = lines(all.map(([code, status]) => [code, status]));
const unreachable = lines(Object.entries(UNREACHABLE).map(([code, [status]]) => [Number(code), status]));

function lines(rows: readonly (readonly [code: number, status: number])[]): string[] {
  return [...new Set(rows.map(([code, status]) => `${code} > ${status}`))];
}

function sorted(...rows: readonly string[][]): string[] {
  return rows.flat().sort((left, right) => parseInt(left) - parseInt(right));
}

describe('The table of errors', () => {
  it('is tested row by row, except for rows that cannot be provoked', () => {
    const tables = [COMMON_ERRORS, PROTOCOL_ERRORS, UPLOAD_HEADERS, ...Object.values(OPERATIONS)];
    expect(sorted(provoked, unreachable)).toEqual(sorted(lines(tables.flatMap((table) => Object.values(table)))));
  });

  it('matches the document', () => {
    const section = sectionOf(documentText('docs/velocity.md'), '## Errors');
    const documented = [...section.matchAll(/`(\d+)`\s→\s(\d+)/g)].map(
      ([, code, status]) => [Number(code), Number(status)] as const,
    );
    expect(sorted(provoked, unreachable)).toEqual(sorted(lines(documented)));
  });
});

let scene: Scene;
beforeAll(async () => (scene = await openScene()));

describe.each(Object.entries(PROVOCATIONS))('An error of %s', (_calls, provocations) => {
  it.each(provocations)('is %i > %i when %s', async (code, status, _when, provoke) => {
    expectError(await provoke(scene), code, status);
  });
});
