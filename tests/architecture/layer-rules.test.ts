import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cruise, type Verdict } from './cruise.ts';
import { asReported, writeTree, type Import } from './imports-tree.ts';

const MAIN = 'src/infrastructure/main.ts';
const FORGOTTEN = 'src/infrastructure/forgotten.ts';

/** The rooms of the application above the ports, lowest first. */
const ROOMS = [
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

/** For each room an import of the next one, and of a room that is not in the list. */
const UPWARD_IMPORTS: Readonly<Record<string, readonly Import[]>> = Object.fromEntries(
  ['ports', ...ROOMS].map((room, at) => [
    `${room}-imports-no-higher-room`,
    [...ROOMS.slice(at, at + 1), 'attic'].map(
      (higher): Import => `src/application/${room}/lower.ts → type src/application/${higher}/lower.ts`,
    ),
  ]),
);

/** The imports that break each rule, and no other rule. */
const BREACHES: Readonly<Record<string, readonly Import[]>> = {
  'domain-imports-only-domain': [
    'src/domain/media/states.ts → node:crypto',
    'src/domain/media/states.ts → zod',
    'src/domain/media/states.ts → lost-package',
    'src/domain/media/states.ts → type src/application/ports/clock.ts',
    'src/domain/media/states.ts → type src/infrastructure/config/config.ts',
  ],
  'application-imports-only-application-and-domain': [
    'src/application/media/list-media.ts → node:fs/promises',
    'src/application/media/list-media.ts → pino',
    'src/application/media/list-media.ts → type knex',
    'src/application/media/list-media.ts → type src/adapters/postgres/database.ts',
    'src/application/media/list-media.ts → src/infrastructure/config/config.ts',
  ],
  ...UPWARD_IMPORTS,
  'nobody-imports-infrastructure': [
    'src/adapters/postgres/pools.ts → type src/infrastructure/config/config.ts',
    'src/adapters/http/velocity/routes.ts → src/infrastructure/config/config.ts',
  ],
  'dialects-do-not-meet': [
    'src/adapters/http/velocity/routes.ts → src/adapters/http/cloudsigma/wire.ts',
    'src/adapters/http/cloudsigma/routes.ts → type src/adapters/http/velocity/wire.ts',
    'src/adapters/http/shared/request-log.ts → src/adapters/http/velocity/wire.ts',
    'src/adapters/http/operations/metrics.ts → src/adapters/http/cloudsigma/wire.ts',
    'src/adapters/http/tus/upload.ts → src/adapters/http/velocity/wire.ts',
    'src/adapters/http/velocity/routes.ts → type src/adapters/http/tus/headers.ts',
    'src/adapters/http/shared/request-log.ts → src/adapters/http/tus/headers.ts',
    'src/adapters/http/native/call.ts → src/adapters/http/cloudsigma/wire.ts',
    'src/adapters/http/tus/upload.ts → type src/adapters/http/native/list.ts',
  ],
  'http-imports-no-other-adapter': [
    'src/adapters/http/velocity/m/pool-list.ts → src/adapters/postgres/database.ts',
    'src/adapters/http/shared/request-log.ts → src/adapters/http/operations/metrics.ts',
    'src/adapters/http/operations/metrics.ts → type src/adapters/blobs/local-disk/writer.ts',
    'src/adapters/http/tus/upload.ts → src/adapters/postgres/database.ts',
    'src/adapters/http/native/call.ts → src/adapters/postgres/database.ts',
  ],
  'adapters-import-no-other-adapter': [
    'src/adapters/postgres/pools.ts → src/adapters/http/shared/ranges.ts',
    'src/adapters/postgres/pools.ts → type src/adapters/embedded-postgres/cluster.ts',
    'src/adapters/postgres/pools.ts → src/adapters/blobs/shared/metered.ts',
    'src/adapters/shared/sync-folder.ts → type src/adapters/postgres/database.ts',
  ],
  'blob-stores-share-only-what-is-shared': [
    'src/adapters/blobs/s3/writer.ts → src/adapters/blobs/local-disk/writer.ts',
    'src/adapters/blobs/shared/counted.ts → src/adapters/blobs/s3/writer.ts',
    'src/adapters/blobs/local-disk/store.ts → type src/adapters/postgres/database.ts',
  ],
  'routes-go-through-use-cases': [
    'src/adapters/http/velocity/m/pool-list.ts → type src/application/ports/clock.ts',
    'src/adapters/http/operations/metrics.ts → src/application/ports/clock.ts',
    'src/adapters/http/tus/upload.ts → type src/application/ports/clock.ts',
    'src/adapters/http/native/call.ts → type src/application/ports/clock.ts',
  ],
  'routes-take-only-types-from-the-domain': [
    'src/adapters/http/cloudsigma/routes.ts → src/domain/quotas/headroom.ts',
    'src/adapters/http/tus/upload.ts → src/domain/quotas/headroom.ts',
    'src/adapters/http/native/call.ts → src/domain/quotas/headroom.ts',
  ],
  'routes-touch-only-http': [
    'src/adapters/http/velocity/m/pool-list.ts → node:fs',
    'src/adapters/http/cloudsigma/routes.ts → type node:crypto',
    'src/adapters/http/tus/upload.ts → node:crypto',
    'src/adapters/http/native/call.ts → node:crypto',
  ],
  'adapters-import-ports-not-use-cases': [
    'src/adapters/postgres/pools.ts → src/application/media/list-media.ts',
    'src/adapters/http/shared/request-log.ts → type src/application/media/list-media.ts',
  ],
  'technology-of-http': ['src/adapters/http/velocity/routes.ts → type pg', 'src/adapters/http/shared/ranges.ts → knex'],
  'technology-of-postgres': ['src/adapters/postgres/pools.ts → express'],
  'technology-of-embedded-postgres': ['src/adapters/embedded-postgres/cluster.ts → knex'],
  'technology-of-data-directory': ['src/adapters/data-directory/lock.ts → knex'],
  'technology-of-passwords': ['src/adapters/passwords/hasher.ts → knex'],
  'technology-of-verified-credentials': ['src/adapters/verified-credentials/memory.ts → knex'],
  'technology-of-prometheus': ['src/adapters/prometheus/metrics.ts → knex'],
  'technology-of-logging': ['src/adapters/logging/log.ts → knex'],
  'technology-of-s3': ['src/adapters/blobs/s3/writer.ts → express'],
  'technology-of-local-disk': ['src/adapters/blobs/local-disk/writer.ts → zod'],
  'technology-of-other-adapters': [
    'src/adapters/shared/sync-folder.ts → zod',
    'src/adapters/login-limit/attempts.ts → knex',
    'src/adapters/unheard-of/writer.ts → pino',
    'src/adapters/blobs/shared/metered.ts → express',
  ],
  'client-imports-only-client': [
    'src/client/shell.ts → src/domain/shared/bytes.ts',
    'src/client/shell.ts → type src/adapters/http/velocity/wire.ts',
    'src/client/shell.ts → src/application/media/list-media.ts',
  ],
  'packages-of-the-client': ['src/client/shell.ts → zod', 'src/client/shell.ts → type pino'],
  'only-the-first-file-imports-the-client': [
    'src/adapters/postgres/pools.ts → type src/client/shell.ts',
    'src/infrastructure/server/server.ts → src/client/shell.ts',
  ],
  'console-imports-only-console': [
    'console/src/page.ts → src/domain/shared/bytes.ts',
    'console/src/page.ts → type src/client/values.ts',
  ],
  'inversify-only-in-the-composition-root': [
    'src/infrastructure/server/server.ts → type inversify',
    'src/adapters/postgres/pools.ts → inversify',
    'tests/adapters/pools.test.ts → inversify',
  ],
  'reflect-metadata-only-in-infrastructure': [
    'src/adapters/http/velocity/routes.ts → reflect-metadata',
    'tests/adapters/pools.test.ts → reflect-metadata',
  ],
  // A cycle is reported once; its other import is in `ALLOWED`.
  'no-cycles': ['src/domain/quotas/egg.ts → src/domain/quotas/hen.ts'],
  'every-import-resolves': [
    'src/infrastructure/server/server.ts → lost-package',
    'tests/adapters/pools.test.ts → lost-package',
  ],
  'the-program-needs-no-development-packages': [
    'src/infrastructure/server/server.ts → jest',
    'src/infrastructure/server/server.ts → stray',
  ],
  'the-program-knows-no-tests': ['src/infrastructure/server/server.ts → tests/adapters/pools.test.ts'],
};

/** Imports that no rule may report. */
const ALLOWED: readonly Import[] = [
  'src/domain/quotas/hen.ts → type src/domain/quotas/egg.ts',
  'src/domain/media/states.ts → src/domain/shared/bytes.ts',
  'src/application/media/list-media.ts → src/domain/quotas/headroom.ts',
  'src/application/media/list-media.ts → type src/application/ports/clock.ts',
  'src/application/maintenance/highest.ts → src/application/doctor/highest.ts',
  'src/application/drives/highest.ts → src/application/leases/highest.ts',
  'src/adapters/http/velocity/routes.ts → express',
  'src/adapters/http/velocity/routes.ts → zod',
  'src/adapters/http/velocity/routes.ts → node:stream/promises',
  'src/adapters/http/velocity/routes.ts → src/adapters/http/velocity/wire.ts',
  'src/adapters/http/velocity/routes.ts → src/adapters/http/shared/ranges.ts',
  'src/adapters/http/velocity/routes.ts → src/application/media/list-media.ts',
  'src/adapters/http/velocity/routes.ts → type src/domain/quotas/headroom.ts',
  'src/adapters/http/velocity/routes.ts → src/domain/shared/bytes.ts',
  'src/adapters/http/velocity/routes.ts → type src/application/ports/log.ts',
  'src/adapters/http/shared/request-log.ts → type src/application/ports/clock.ts',
  'src/adapters/postgres/pools.ts → knex',
  'src/adapters/postgres/pools.ts → node:crypto',
  'src/adapters/postgres/pools.ts → src/adapters/postgres/database.ts',
  'src/adapters/postgres/pools.ts → type src/application/ports/clock.ts',
  'src/adapters/postgres/pools.ts → src/domain/quotas/headroom.ts',
  'src/adapters/blobs/local-disk/writer.ts → node:fs/promises',
  'src/adapters/blobs/local-disk/writer.ts → src/adapters/blobs/shared/metered.ts',
  'src/adapters/blobs/local-disk/writer.ts → src/adapters/shared/sync-folder.ts',
  'src/adapters/embedded-postgres/cluster.ts → src/adapters/shared/sync-folder.ts',
  'src/adapters/embedded-postgres/cluster.ts → zod',
  'src/infrastructure/composition/tokens.ts → type inversify',
  'src/infrastructure/composition/container.ts → inversify',
  'src/infrastructure/composition/container.ts → reflect-metadata',
  'src/infrastructure/composition/container.ts → src/infrastructure/composition/tokens.ts',
  'tests/adapters/pools.test.ts → src/infrastructure/config/config.ts',
  'tests/adapters/pools.test.ts → jest',
  'src/client/shell.ts → commander',
  'src/client/shell.ts → node:fs/promises',
  'src/client/shell.ts → src/client/values.ts',
  'console/src/page.ts → type src/client/api/v1.d.ts',
];

const PACKAGES = {
  dependencies: ['commander', 'express', 'inversify', 'knex', 'pg', 'pino', 'reflect-metadata', 'zod'],
  devDependencies: ['jest'],
  undeclared: ['stray'],
};

const sourcesIn = (imports: readonly Import[]): readonly string[] => [
  ...new Set(imports.flatMap((written) => written.split(/ → (?:type )?/)).filter((path) => path.startsWith('src/'))),
];

describe('The layer rules', () => {
  let root: string;
  let verdict: Verdict;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'platter-layers-'));
    const imports = [...Object.values(BREACHES).flat(), ...ALLOWED];
    const used = sourcesIn(imports).map((path) => `${MAIN} → ${path}`);
    await writeTree(root, [...imports, ...used, `${FORGOTTEN} → node:path`], PACKAGES);
    verdict = await cruise(root, ['src', 'tests', 'console']);
  });

  afterAll(async () => {
    await rm(root, { recursive: true, force: true });
  });

  const breachesOf = (rule: string): readonly string[] =>
    verdict.breaches.filter((breach) => breach.startsWith(`${rule}: `)).map((breach) => breach.slice(rule.length + 2));

  it.each(Object.keys(BREACHES))('report exactly the breaches of %s', (rule) => {
    expect(breachesOf(rule)).toEqual(BREACHES[rule]!.map(asReported).sort());
  });

  it('report files that the program does not reach', () => {
    expect(breachesOf('everything-is-used')).toEqual([`${FORGOTTEN} → ${FORGOTTEN}`]);
  });

  it('report each fault under one rule', () => {
    const imports = verdict.breaches.map((breach) => breach.slice(breach.indexOf(': ') + 2));
    expect(imports.filter((breach, at) => imports.indexOf(breach) !== at)).toEqual([]);
  });

  it('are all tested here', () => {
    expect(verdict.rules.map(({ name }) => name).sort()).toEqual(
      [...Object.keys(BREACHES), 'everything-is-used'].sort(),
    );
  });

  it('each fail the check, and have a reason', () => {
    expect(verdict.rules.filter(({ comment, severity }) => severity !== 'error' || !comment)).toEqual([]);
  });

  it('hold for the program, its tests and its benchmarks', async () => {
    expect((await cruise('.', ['src', 'tests', 'bench', 'console'])).breaches).toEqual([]);
  });
});
