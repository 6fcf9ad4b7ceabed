import { join, resolve } from 'node:path';
import type { S3Terms } from '../../adapters/blobs/s3/s3-location.ts';
import type { MinimumRateLimits } from '../../adapters/http/shared/minimum-rate.ts';
import type { DeclaredLibrary } from '../../application/library/sync-library.ts';
import type { UploadLimits } from '../../application/uploads/upload-limits.ts';
import type { MaxPossessions } from '../../domain/access/possessions.ts';
import type { SourceRules } from '../../domain/imports/source-target.ts';
import type { Pool } from '../../domain/pools/pool.ts';
import { s3Location } from './s3-location.ts';
import { readLibraryFile } from './library-file.ts';
import { readPoolsFile, type ConfiguredPool } from './pools-file.ts';
import { SETTINGS, type SettingName, type Settings } from './settings.ts';
import type { PoolId } from '../../domain/shared/ids.ts';

/** How long the last request of an upload waits for its verification (docs/uploads.md#the-end). */
const VERIFY_SECONDS = 20;

/** The servers that imports may read from. */
export interface ImportSourceTerms extends SourceRules {
  /** Permitted although they are not public. */
  readonly networks: readonly string[];
  /** Those of the system if empty. */
  readonly nameServers: readonly string[];
}

/** The validated configuration. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** An absolute path. */
  readonly dataDirectory: string;
  readonly pools: readonly ConfiguredPool[];
  readonly s3: S3Terms;
  /** For the parts of all uploads to S3 together. */
  readonly s3MemoryBytes: number;
  /** Null without a library file. */
  readonly library: DeclaredLibrary | null;
  readonly rootPassword: string | null;
  readonly databaseUrl: string | null;
  readonly databaseConnections: number;
  readonly authkeySeconds: number;
  readonly authkeysPerUser: number;
  readonly maxPossessions: MaxPossessions;
  /** Limits all definitions of a user together, as JSON. */
  readonly maxDefinitionBytes: number;
  readonly maxItems: number;
  readonly trustedProxies: readonly string[];
  readonly maxUploads: number;
  readonly uploadLimits: UploadLimits;
  readonly maxDownloads: number;
  readonly transferMinimumRate: MinimumRateLimits;
  readonly maxCopies: number;
  /** Bytes per second; 0 for no limit. */
  readonly copyRate: number;
  readonly importsAreOn: boolean;
  readonly maxImports: number;
  /** Bytes per second; 0 for no limit. */
  readonly importRate: number;
  /** Bytes per second; 0 for no limit. */
  readonly scrubRate: number;
  readonly importSources: ImportSourceTerms;
  /**
   * How many times the size of its filesystem a local pool without a capacity may hold; 0 for no
   * limit.
   */
  readonly overcommit: number;
  readonly servesDamaged: boolean;
  readonly leaseSeconds: number;
  readonly leaseGraceSeconds: number;
  readonly shutdownGraceSeconds: number;
  /** 0 for no limit. */
  readonly auditDays: number;
  /** How many links a user has at most. */
  readonly maxLinks: number;
  /** How long items stay in the trash; 0 for no trash. */
  readonly trashDays: number;
  /** Whether the trash of a group makes room for its charges. */
  readonly trashYields: boolean;
  readonly logLevel: Settings['PLATTER_LOG_LEVEL'];
}

/** Invalid settings. Each line of the message has a setting and its fault, never a secret. */
export class ConfigFault extends Error {
  override readonly name = 'ConfigFault';
}

/**
 * Reads the environment, the pools file and the library file.
 *
 * @throws ConfigFault with all faults of all three
 */
export async function readConfig(environment: NodeJS.ProcessEnv = process.env): Promise<Config> {
  const { settings, faults } = readSettings(environment);
  const dataDirectory = resolve(settings.PLATTER_DATA_DIR);
  const region = settings.PLATTER_S3_REGION ?? (environment.AWS_REGION || null);
  const pools =
    settings.PLATTER_POOLS_FILE === null
      ? [onlyPool(settings, dataDirectory, region, faults)]
      : await readPoolsFile(settings.PLATTER_POOLS_FILE, region, faults);
  const libraryFile = settings.PLATTER_LIBRARY_FILE;
  const library =
    libraryFile === null ? null : await readLibraryFile(libraryFile, pools, importRulesOf(settings), faults);
  if (faults.length > 0) throw new ConfigFault(faults.join('\n'));
  return Object.freeze({
    host: settings.PLATTER_HOST,
    port: settings.PLATTER_PORT,
    dataDirectory,
    pools,
    s3: {
      checksums: CHECKSUMS[settings.PLATTER_S3_CHECKSUMS],
      callTimeoutSeconds: settings.PLATTER_S3_TIMEOUT,
      purgeDelaySeconds: settings.PLATTER_S3_SETTLE,
      redirects: settings.PLATTER_S3_REDIRECTS,
    },
    s3MemoryBytes: settings.PLATTER_S3_MEMORY,
    library,
    rootPassword: settings.PLATTER_ROOT_PASSWORD,
    databaseUrl: settings.DATABASE_URL,
    databaseConnections: settings.PLATTER_DATABASE_CONNECTIONS,
    authkeySeconds: settings.PLATTER_AUTHKEY_LIFETIME,
    authkeysPerUser: settings.PLATTER_AUTHKEYS_PER_USER,
    maxPossessions: {
      servers: settings.PLATTER_SERVERS_PER_USER,
      tags: settings.PLATTER_TAGS_PER_USER,
      tokens: settings.PLATTER_TOKENS_PER_USER,
      users: settings.PLATTER_USERS_PER_USER,
    },
    maxDefinitionBytes: settings.PLATTER_DEFINITION_BYTES_PER_USER,
    maxItems: settings.PLATTER_ITEMS_PER_GROUP,
    trustedProxies: settings.PLATTER_TRUSTED_PROXIES,
    maxUploads: settings.PLATTER_UPLOADS,
    uploadLimits: {
      expirySeconds: settings.PLATTER_UPLOAD_EXPIRY,
      maxOpen: settings.PLATTER_OPEN_UPLOADS,
      verifySeconds: VERIFY_SECONDS,
    },
    maxDownloads: settings.PLATTER_DOWNLOADS,
    transferMinimumRate: { idleSeconds: settings.PLATTER_UPLOAD_IDLE, minBytesPerSecond: settings.PLATTER_UPLOAD_RATE },
    maxCopies: settings.PLATTER_COPIES,
    copyRate: settings.PLATTER_COPY_RATE,
    importsAreOn: settings.PLATTER_IMPORT,
    maxImports: settings.PLATTER_IMPORTS,
    importRate: settings.PLATTER_IMPORT_RATE,
    scrubRate: settings.PLATTER_SCRUB_RATE,
    importSources: {
      hosts: settings.PLATTER_IMPORT_HOSTS,
      ports: settings.PLATTER_IMPORT_PORTS,
      networks: settings.PLATTER_IMPORT_NETWORKS,
      nameServers: settings.PLATTER_IMPORT_DNS,
    },
    overcommit: settings.PLATTER_OVERCOMMIT,
    servesDamaged: settings.PLATTER_SERVE_DAMAGED,
    leaseSeconds: settings.PLATTER_LEASE,
    leaseGraceSeconds: settings.PLATTER_LEASE_GRACE,
    shutdownGraceSeconds: settings.PLATTER_SHUTDOWN_GRACE,
    auditDays: settings.PLATTER_AUDIT_DAYS,
    maxLinks: settings.PLATTER_LINKS_PER_USER,
    trashDays: settings.PLATTER_TRASH_DAYS,
    trashYields: settings.PLATTER_TRASH_YIELDS,
    logLevel: settings.PLATTER_LOG_LEVEL,
  });
}

const CHECKSUMS = { when_required: 'WHEN_REQUIRED', when_supported: 'WHEN_SUPPORTED' } as const;

/** A setting with a fault is missing. */
function importRulesOf({ PLATTER_IMPORT_HOSTS, PLATTER_IMPORT_PORTS }: Partial<Settings>): SourceRules {
  return { hosts: PLATTER_IMPORT_HOSTS ?? [], ports: PLATTER_IMPORT_PORTS ?? [] };
}

function readSettings(environment: NodeJS.ProcessEnv): { settings: Settings; faults: string[] } {
  const faults = Object.keys(environment)
    .filter((name) => name.startsWith('PLATTER_') && !(name in SETTINGS))
    .map((name) => `${name}: there is no such setting`);
  const settings: Partial<Record<SettingName, unknown>> = {};
  for (const [name, { schema, fallback }] of Object.entries(SETTINGS)) {
    const set = environment[name];
    const value = set === undefined || set === '' ? fallback : set;
    const parsed = value === null ? { success: true as const, data: null } : schema.safeParse(value);
    if (parsed.success) settings[name as SettingName] = parsed.data;
    else faults.push(...parsed.error.issues.map((issue) => `${name}: ${issue.message}`));
  }
  return { settings: settings as Settings, faults };
}

/** Returns the one pool of a host without a pools file. */
function onlyPool(settings: Settings, dataDirectory: string, region: string | null, faults: string[]): ConfiguredPool {
  const pool: Pool = { id: 1 as PoolId, name: 'default', capacity: null, storageType: 'dssd', isDefault: true };
  const only = { ...pool, location: 0, movingTo: null };
  if (settings.PLATTER_BLOB_BACKEND === 'local') return { ...only, path: join(dataDirectory, 'pools', '1') };
  if (settings.PLATTER_S3_BUCKET === null) faults.push('PLATTER_S3_BUCKET: a pool in S3 needs a bucket');
  const s3 = s3Location({
    bucket: settings.PLATTER_S3_BUCKET ?? '',
    prefix: settings.PLATTER_S3_PREFIX,
    endpoint: settings.PLATTER_S3_ENDPOINT,
    publicEndpoint: settings.PLATTER_S3_PUBLIC_ENDPOINT,
    region,
    forcePathStyle: settings.PLATTER_S3_FORCE_PATH_STYLE,
  });
  return { ...only, s3 };
}
