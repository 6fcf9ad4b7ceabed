import { basename } from 'node:path';
import {
  declaredNames,
  inWords,
  passedOn,
  spokenTexts,
  unattributedWork,
  wholeServices,
  type SourceFile,
} from './source-files.ts';

/** A style rule that returns the faults of a file, one line each. */
export interface StyleRule {
  readonly promise: string;
  /** The reason for the rule. */
  readonly because: string;
  readonly faults: (file: SourceFile) => readonly string[];
  /** Files that the rule must report: path → content. */
  readonly breaches: Readonly<Record<string, string>>;
  /** Similar files that the rule must accept. */
  readonly allowed: Readonly<Record<string, string>>;
}

const MAX_FILE_LINES = 350;

const linesOf = (text: string): number => text.trimEnd().split('\n').length;

const emptyWord = /\b(?:services?|managers?|helpers?|utils?|base|impl|data|infos?)\b/;
// PLATTER_DATA_DIR, the operator's name for the folder of an installation.
const dataDirectory = /\bdata (?:directory|dir|folder)\b/g;

// Usual names for what the container provides and for the state of the program.
const ofTheProgram = /\b(?:services|service status)\b/g;

const isEmptyName = (name: string): boolean =>
  emptyWord.test(inWords(name).replace(dataDirectory, ' ').replace(ofTheProgram, ' '));

/** Files in which a wire word has another meaning, or comes from the operator's configuration. */
export const EXCEPTIONS: readonly { readonly path: RegExp; readonly words: RegExp; readonly because: string }[] = [
  { path: /^src\/adapters\/embedded-postgres\//, words: /\bgid\b/g, because: 'the group of a process, as Unix has it' },
  {
    path: /^src\/infrastructure\/config\/pools-file\.ts$/,
    words: /\bmpid\b/g,
    because: 'the operator’s pools file has it',
  },
  {
    path: /^src\/adapters\/blobs\/s3\/attempts\.ts$/,
    words: /\berror type\b/g,
    because: 'the SDK’s word for why a call failed',
  },
  {
    path: /^src\/client\/terminal\/table\.ts$/,
    words: /\bmid\b/g,
    because: 'the library’s word for the middle of a line',
  },
];

const wireWord = /\b(?:mpids?|gids?|mids?|libdrives?|mounted on|resource uri|error (?:point|type)|multimount)\b/;
const dialectFolder = /^src\/adapters\/http\/(?:velocity|cloudsigma)\//;

function speaksWire(path: string, text: string): boolean {
  const excepted = EXCEPTIONS.filter((exception) => exception.path.test(path)).map(({ words }) => words);
  const ours = excepted.reduce((rest, words) => rest.replace(words, ' '), inWords(text));
  return wireWord.test(ours);
}

export const STYLE_RULES: readonly StyleRule[] = [
  {
    promise: 'gives classes, types and functions names that say what they are',
    because: 'These words fit everything, so they say nothing.',
    faults: (file) => declaredNames(file).filter(isEmptyName),
    breaches: {
      'src/domain/a.ts': 'export class MediaService {}',
      'src/domain/b.ts': 'export interface PoolInfo {}',
      'src/domain/c.ts': 'type UserData = string;',
      'src/domain/d.ts': 'export function utilFor(): void {}',
      'src/domain/e.ts': 'export const httpHelper = () => 1;',
      'src/domain/f.ts': 'export abstract class BaseStore {}',
    },
    allowed: {
      'src/domain/a.ts': 'export class Database {}',
      'src/domain/b.ts': 'export function dataDirectoryOf(): void {} // a helper',
      'src/domain/c.ts': 'const data = 1; log.info(data);',
    },
  },
  {
    promise: 'gives files and folders names that say what is in them',
    because: 'A folder of that name collects unrelated files.',
    faults: ({ path }) => (isEmptyName(path) ? [path] : []),
    breaches: {
      'src/domain/shared/utils.ts': '',
      'tests/helpers/server.ts': '',
      'src/application/pool-service.ts': '',
    },
    allowed: { 'src/adapters/data-directory/lock.ts': '', 'src/adapters/postgres/database.ts': '' },
  },
  {
    promise: 'writes file names in kebab-case',
    because: 'One spelling can be guessed, and works on case-insensitive filesystems.',
    faults: ({ path }) => (/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.test|\.d)?\.tsx?$/.test(basename(path)) ? [] : [path]),
    breaches: { 'src/domain/mediaStates.ts': '', 'src/domain/Pool.ts': '', 'src/domain/media_states.ts': '' },
    allowed: { 'src/adapters/postgres/migrations/0001-depot.ts': '', 'tests/domain/media-states.test.ts': '' },
  },
  {
    promise: `keeps every file within ${MAX_FILE_LINES} lines`,
    because: 'A longer file has more than one responsibility.',
    faults: ({ text }) => (linesOf(text) > MAX_FILE_LINES ? [`${linesOf(text)} lines`] : []),
    breaches: { 'src/domain/a.ts': '//\n'.repeat(MAX_FILE_LINES + 1) },
    allowed: { 'src/domain/a.ts': '//\n'.repeat(MAX_FILE_LINES) },
  },
  {
    promise: 'has no barrels',
    because: 'A barrel gives a name two homes, couples a whole folder and invites cycles.',
    faults: (file) => [
      ...(basename(file.path) === 'index.ts' ? ['a barrel by its name'] : []),
      ...passedOn(file).map((module) => `passes on ${module}`),
    ],
    breaches: {
      'src/domain/index.ts': '',
      'src/domain/a.ts': "export * from './b.ts';",
      'src/domain/b.ts': "export type { Pool } from './pool.ts';",
    },
    allowed: { 'src/domain/a.ts': 'const pool = 1; export { pool };' },
  },
  {
    promise: 'does the work of a caller on behalf of the caller',
    because: 'Work without a caller counts for no share of the connections, so it may use all of them.',
    faults: (file) =>
      file.path.startsWith('src/application/') ? unattributedWork(file).map((name) => `${name} has a caller`) : [],
    breaches: {
      'src/application/a.ts':
        'class A { async run(caller: Caller) { return this.#work.read((tx) => tx.users.list()); } }',
      'src/application/b.ts': 'class A { async #b(caller: Caller | null) { await this.#work\n.run(async () => {}); } }',
    },
    allowed: {
      'src/application/a.ts':
        'class A { async run(caller: Caller) { await this.#work.onBehalfOf(caller).run(work); } }',
      'src/application/b.ts': 'class A { async sweep() { await this.#work.run(work); } }',
    },
  },
  {
    promise: 'reads the services one by one',
    because: 'A service is created when it is read: reading all of them creates all of them, in any order.',
    faults: (file) => (/^src\/(?:application|infrastructure)\//.test(file.path) ? wholeServices(file) : []),
    breaches: {
      'src/infrastructure/composition/a.ts': 'const use = new CloneDrive({ ...services, digests });',
      'src/infrastructure/composition/b.ts': 'const { work, ...others } = services;',
      'src/infrastructure/composition/c.ts': 'function chores({ work, ...others }: Services): void {}',
      'src/infrastructure/composition/d.ts': 'for (const service of Object.values(services)) start(service);',
      'src/application/a.ts': 'class A { constructor({ work, ...others }: Dependencies) { this.#others = others; } }',
      'src/application/b.ts':
        'class A { constructor(dependencies: Dependencies) { this.#dependencies = { ...dependencies }; } }',
    },
    allowed: {
      'src/infrastructure/composition/a.ts': 'const { work } = services; const use = new CloneDrive(services);',
      'src/infrastructure/composition/b.ts': 'return { ...uploadUseCases(services), maxBytes };',
      'src/application/a.ts': 'class A { constructor({ work, stores }: Dependencies) { this.#work = work; } }',
    },
  },
  {
    promise: 'keeps the words of the wire in their dialect',
    because: 'One concept has one word inside. Each dialect translates the names of its API.',
    faults: ({ path, text, syntax }) =>
      path.startsWith('src/') && !dialectFolder.test(path)
        ? spokenTexts({ path, text, syntax }).filter((spoken) => speaksWire(path, spoken))
        : [],
    breaches: {
      'src/domain/a.ts': 'export const poolMpid = 1;',
      'src/application/b.ts': "throw new Error('no such mpid');",
      'src/adapters/postgres/c.ts': 'await tx.raw(`select gid from ${table} where mid = 1`);',
      'src/adapters/http/shared/d.ts': 'row.mounted_on = [];',
      'src/adapters/http/operations/e.ts': "const path = '/api/2.0/libdrives/';",
      'src/infrastructure/server/server.ts': 'const libdrives = 1;',
    },
    allowed: {
      'src/domain/a.ts': 'export interface LibraryDrive {} // mid-flight',
      'src/adapters/http/velocity/wire.ts': 'export const mpid = 1;',
      'src/adapters/http/cloudsigma/wire.ts': 'export const mounted_on = [];',
      'src/adapters/embedded-postgres/server-user.ts': 'chown(path, user.uid, user.gid);',
      'src/infrastructure/config/pools-file.ts': 'z.object({ mpid: z.number() });',
      'tests/acceptance/velocity/pool.test.ts': 'expect(pool.mpid).toBe(1);',
    },
  },
];
