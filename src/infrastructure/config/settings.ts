import { z } from 'zod';
import { requirePassword } from '../../domain/access/password.ts';
import { isFailure } from '../../domain/shared/domain-error.ts';
import { isNetwork } from '../../adapters/http/shared/networks.ts';
import { MIN_CONNECTIONS } from '../../adapters/postgres/database.ts';
import { MIN_PART_BYTES } from '../../adapters/blobs/s3/part-sizes.ts';
import { byteSize } from './byte-size.ts';
import { isHostPattern, isNameServer } from './import-hosts.ts';
import { bucketName, httpUrl, keyPrefix } from './s3-location.ts';

/** One setting of the environment. */
export interface Setting<T = unknown> {
  /** One sentence for `--help`. */
  readonly about: string;
  /** The default, in the text form of the variable; null for none. */
  readonly fallback: string | null;
  readonly schema: z.ZodType<T, string>;
  /** A secret never appears in a message or in the log. */
  readonly secret?: true;
}

const text = z.string();

/** Parses a whole number from `min` to `max`. */
export function whole(min: number, max: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^[0-9]+$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`);
}

/** Parses values that commas separate. */
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

const networks = list.refine(
  (parts) => parts.every(isNetwork),
  'must be addresses or networks, such as 10.0.0.7 or 10.0.0.0/8',
);

const importNetworks = networks.refine(
  (parts) => !parts.some((part) => part.includes('%')),
  'must not have zones, such as that of fe80::1%eth0',
);

const hostPatterns = list
  .transform((parts) => parts.map((part) => part.toLowerCase()))
  .refine(
    (parts) => parts.every(isHostPattern),
    'must be names or addresses of hosts, such as example.org, *.example.org or 10.0.0.7',
  );

const nameServers = list.refine(
  (parts) => parts.every(isNameServer),
  'must be addresses, with or without a port, such as 10.0.0.2, 10.0.0.2:5353 or [fd00::2]:53',
);

const ports = list
  .refine((parts) => parts.every((part) => /^[0-9]{1,5}$/.test(part)), 'must be ports, such as 8080,8443')
  .transform((parts) => parts.map(Number))
  .refine((parts) => parts.every((port) => port >= 1 && port <= 65_535), 'must be from 1 to 65535');

const password = z.string().superRefine((value, context) => {
  try {
    requirePassword(value);
  } catch (error) {
    if (!isFailure(error, 'password-invalid')) throw error;
    context.addIssue({ code: 'custom', message: error.detail.reason });
  }
});

const databaseUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
  // The driver reads a URL without a host as that of a Unix socket.
  .refine(
    (value) => URL.canParse(value.replace('@/', '@host/')),
    'must be a URL: encode special characters in its parts',
  );

const switched = z.enum(['on', 'off']).transform((value) => value === 'on');
const truth = z.enum(['true', 'false']).transform((value) => value === 'true');

const byteText = z.string().transform((value, context) => {
  const { data, error } = byteSize.safeParse(value);
  for (const { message } of error?.issues ?? []) context.addIssue({ code: 'custom', message });
  return data ?? z.NEVER;
});

const partMemory = byteText.refine(
  (value) => value >= MIN_PART_BYTES,
  `must be at least ${MIN_PART_BYTES / 1024 / 1024} MiB, the smallest part that S3 accepts`,
);

function setting<T>(about: string, fallback: string | null, schema: z.ZodType<T, string>): Setting<T> {
  return { about, fallback, schema };
}

function secret<T>(about: string, schema: z.ZodType<T, string>): Setting<T> {
  return { about, fallback: null, schema, secret: true };
}

/** All settings. */
export const SETTINGS = {
  PLATTER_HOST: setting('The address that the service listens on', '127.0.0.1', text),
  PLATTER_PORT: setting('The port that the service listens on; 0 takes a free one', '8090', whole(0, 65_535)),
  PLATTER_DATA_DIR: setting('The folder for all data without a folder of its own', './data', text),
  PLATTER_POOLS_FILE: setting(
    'The YAML file that names the pools; without it there is one pool, below the data directory',
    null,
    text,
  ),
  PLATTER_LIBRARY_FILE: setting(
    'The YAML file that declares the library; without it the library stays as it is',
    null,
    text,
  ),
  PLATTER_BLOB_BACKEND: setting(
    'The backend of the one pool without a pools file: local or s3',
    'local',
    z.enum(['local', 's3'] as const),
  ),
  PLATTER_S3_BUCKET: setting('The bucket of that pool', null, bucketName),
  PLATTER_S3_PREFIX: setting('The prefix of every key of that pool', '', keyPrefix),
  PLATTER_S3_ENDPOINT: setting("The URL of that pool's server; without it Amazon's own", null, httpUrl),
  PLATTER_S3_PUBLIC_ENDPOINT: setting(
    'The URL under which clients reach that server; without it the same URL',
    null,
    httpUrl,
  ),
  PLATTER_S3_REGION: setting('The region of that pool; without it AWS_REGION', null, text),
  PLATTER_S3_FORCE_PATH_STYLE: setting(
    'Whether the name of the bucket goes into the path of URLs; without it true if there is an endpoint',
    null,
    truth,
  ),
  PLATTER_S3_MEMORY: setting('The memory for the parts of all uploads to S3 together', '256MiB', partMemory),
  PLATTER_S3_CHECKSUMS: setting(
    'Whether S3 gets checksums to store (when_supported); not every server accepts them',
    'when_required',
    z.enum(['when_required', 'when_supported'] as const),
  ),
  PLATTER_S3_TIMEOUT: setting(
    'The maximum time for a call to S3 that moves no bytes, repetitions included, in seconds',
    '20',
    whole(1, 600),
  ),
  PLATTER_S3_SETTLE: setting(
    'How long after the death of a replica S3 may still carry out its requests, in seconds',
    '60',
    whole(1, 3600),
  ),
  PLATTER_S3_REDIRECTS: setting('Whether downloads from S3 are redirected to the server itself', 'false', truth),
  PLATTER_ROOT_PASSWORD: secret(
    'The password of the user root, set at each start; without it the first start generates one',
    password,
  ),
  DATABASE_URL: secret('The PostgreSQL database to use; without it Platter runs its own', databaseUrl),
  PLATTER_DATABASE_CONNECTIONS: setting(
    'The maximum number of connections to the database',
    '20',
    whole(MIN_CONNECTIONS, 1000),
  ),
  PLATTER_AUTHKEY_LIFETIME: setting('The lifetime of an authkey in seconds', '600', whole(1, 31_536_000)),
  PLATTER_ITEMS_PER_GROUP: setting(
    'The maximum number of items of a group and all groups below it in one pool; the root group has no such limit',
    '100000',
    whole(1, 1_000_000_000),
  ),
  PLATTER_SERVERS_PER_USER: setting('The maximum number of servers of a user', '1000', whole(0, 1_000_000)),
  PLATTER_TAGS_PER_USER: setting('The maximum number of tags of a user', '1000', whole(0, 1_000_000)),
  PLATTER_TOKENS_PER_USER: setting('The maximum number of API tokens of a user', '100', whole(0, 1_000_000)),
  PLATTER_DEFINITION_BYTES_PER_USER: setting(
    'The maximum size of all servers, tags, drive labels and the profile of a user, in bytes of JSON',
    '24MiB',
    byteText,
  ),
  PLATTER_USERS_PER_USER: setting(
    'The maximum number of users that a user creates, together with all users that those create',
    '1000',
    whole(0, 1_000_000),
  ),
  PLATTER_AUTHKEYS_PER_USER: setting(
    'The maximum number of authkeys of a user; one more replaces the least recently used',
    '1000',
    whole(1, 1_000_000),
  ),
  PLATTER_TRUSTED_PROXIES: setting(
    'Addresses and networks, separated by commas, whose X-Forwarded-For is believed',
    '',
    networks,
  ),
  PLATTER_UPLOADS: setting(
    'The maximum number of concurrent uploads, a quarter of them of one tenant; more are answered with 503',
    '256',
    whole(1, 100_000),
  ),
  PLATTER_OPEN_UPLOADS: setting('How many open resumable uploads a user has at most', '1000', whole(1, 1_000_000)),
  PLATTER_UPLOAD_EXPIRY: setting(
    'How long a resumable upload outlives its last byte, in seconds',
    '86400',
    whole(1, 31_536_000),
  ),
  PLATTER_DOWNLOADS: setting(
    'The maximum number of concurrent downloads, a quarter of them of one tenant; more are answered with 503',
    '256',
    whole(1, 100_000),
  ),
  PLATTER_UPLOAD_IDLE: setting(
    'How long a client may send nothing of an upload, or read nothing of an answer, before it is ended, in seconds',
    '60',
    whole(1, 86_400),
  ),
  PLATTER_UPLOAD_RATE: setting(
    'The minimum rate of an upload or a download, averaged over a minute, in bytes per second; 0 sets none',
    '1024',
    whole(0, 1_000_000_000),
  ),
  PLATTER_COPIES: setting(
    'The maximum number of clones copied at once, a quarter of them (at least one) of one tenant',
    '2',
    whole(1, 1000),
  ),
  PLATTER_COPY_RATE: setting(
    'The maximum rate of all copies together, in bytes per second; 0 sets no limit',
    '104857600',
    whole(0, 1_000_000_000_000),
  ),
  PLATTER_IMPORT: setting('Whether users may import from URLs: on or off', 'on', switched),
  PLATTER_IMPORTS: setting(
    'The maximum number of concurrent imports, half of them (at least one) of one tenant; more wait',
    '4',
    whole(1, 1000),
  ),
  PLATTER_IMPORT_RATE: setting(
    'The maximum rate of all imports together, in bytes per second; 0 sets no limit',
    '0',
    whole(0, 1_000_000_000_000),
  ),
  PLATTER_SCRUB_RATE: setting(
    'The maximum rate of platter scrub, in bytes per second; 0 sets no limit',
    '52428800',
    whole(0, 1_000_000_000_000),
  ),
  PLATTER_IMPORT_HOSTS: setting(
    'The hosts that may be imported from, separated by commas; *.example.org stands for all below it; any public host if empty',
    '',
    hostPatterns,
  ),
  PLATTER_IMPORT_PORTS: setting('Ports that may be imported from besides 80 and 443, separated by commas', '', ports),
  PLATTER_IMPORT_NETWORKS: setting(
    'Addresses and networks that may be imported from although they are not public, separated by commas',
    '',
    importNetworks,
  ),
  PLATTER_IMPORT_DNS: setting(
    'The DNS servers that resolve the hosts of imports, separated by commas; that of the system if empty',
    '',
    nameServers,
  ),
  PLATTER_OVERCOMMIT: setting(
    'How many times the size of its filesystem a local pool without a capacity may hold; 0 sets no limit',
    '20',
    whole(0, 1_000_000),
  ),
  PLATTER_SERVE_DAMAGED: setting(
    'Whether media are served, with a warning header, although a scrub found their bytes damaged',
    'false',
    truth,
  ),
  PLATTER_LINKS_PER_USER: setting('The maximum number of links of a user', '1000', whole(0, 1_000_000)),
  PLATTER_TRASH_DAYS: setting('How long deleted media stay in the trash, in days; 0 for no trash', '7', whole(0, 3650)),
  PLATTER_TRASH_YIELDS: setting(
    'Whether the oldest trash of a group is deleted when its quota refuses new media',
    'true',
    truth,
  ),
  PLATTER_LEASE: setting('How long an upload outlives the last renewal of its lease, in seconds', '15', whole(1, 3600)),
  PLATTER_LEASE_GRACE: setting(
    'How long after that another replica deletes what is left of it, in seconds',
    '10',
    whole(0, 3600),
  ),
  PLATTER_SHUTDOWN_GRACE: setting(
    'How long running requests may continue after SIGTERM, in seconds',
    '60',
    whole(0, 86_400),
  ),
  PLATTER_AUDIT_DAYS: setting('How long audit events are kept, in days; 0 sets no limit', '365', whole(0, 36_500)),
  PLATTER_LOG_LEVEL: setting(
    'The lowest level that is logged: debug, info, warn, error or silent',
    'info',
    z.enum(['debug', 'info', 'warn', 'error', 'silent'] as const),
  ),
} as const;

export type SettingName = keyof typeof SETTINGS;
export type Settings = { readonly [Name in SettingName]: z.output<(typeof SETTINGS)[Name]['schema']> | Unset<Name> };
type Unset<Name extends SettingName> = Name extends
  | 'PLATTER_POOLS_FILE'
  | 'PLATTER_LIBRARY_FILE'
  | 'PLATTER_ROOT_PASSWORD'
  | 'DATABASE_URL'
  | `PLATTER_S3_${'BUCKET' | 'ENDPOINT' | 'PUBLIC_ENDPOINT' | 'REGION' | 'FORCE_PATH_STYLE'}`
  ? null
  : never;

/** Returns all settings with descriptions and defaults, for `--help`. */
export function describeSettings(): string {
  return Object.entries(SETTINGS)
    .map(
      ([name, { about, fallback }]) =>
        `  ${name}\n      ${about}${fallback === null ? '' : ` (default: ${fallback || 'none'})`}`,
    )
    .join('\n');
}
