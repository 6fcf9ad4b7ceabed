import { isIP } from 'node:net';
import { z } from 'zod';
import { requirePassword } from '../domain/access/password.ts';
import { isFailure } from '../domain/shared/domain-error.ts';

/** One setting of the environment. */
export interface Setting<T = unknown> {
  /** What it does, in one sentence, for `--help` and the documentation. */
  readonly about: string;
  /** What holds where the variable is not set or empty, as one would write it; null for nothing. */
  readonly fallback: string | null;
  readonly schema: z.ZodType<T, string>;
  /** Never shown. */
  readonly secret?: true;
}

const text = z.string();

function whole(least: number, most: number) {
  return z
    .string()
    .regex(/^[0-9]+$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be from ${least} to ${most}`);
}

const networks = z
  .string()
  .transform((value) =>
    value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .refine((parts) => parts.every(isNetwork), 'must be addresses or networks, such as 10.0.0.7 or 10.0.0.0/8');

/** An address, or one with the number of bits that count. */
function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const most = { 4: 32, 6: 128 }[isIP(address)];
  if (most === undefined || more.length > 0) return false;
  return bits === undefined || (/^[0-9]{1,3}$/.test(bits) && Number(bits) <= most);
}

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
  // The driver takes an address without a host for one on a socket.
  .refine((value) => URL.canParse(value.replace('@/', '@host/')), 'must be a URL; encode what is special in its parts');

function setting<T>(about: string, fallback: string | null, schema: z.ZodType<T, string>): Setting<T> {
  return { about, fallback, schema };
}

function secret<T>(about: string, schema: z.ZodType<T, string>): Setting<T> {
  return { about, fallback: null, schema, secret: true };
}

/** Every setting there is. */
export const SETTINGS = {
  PLATTER_HOST: setting('The address that the service listens on', '127.0.0.1', text),
  PLATTER_PORT: setting('The port that the service listens on; 0 takes a free one', '8090', whole(0, 65_535)),
  PLATTER_DATA_DIR: setting('The folder that everything lies below which has no place of its own', './data', text),
  PLATTER_POOLS_FILE: setting(
    'The YAML file that names the pools; without it there is one, below the data directory',
    null,
    text,
  ),
  PLATTER_LIBRARY_FILE: setting(
    'The YAML file that declares the library; without it the library stays as it is',
    null,
    text,
  ),
  PLATTER_ROOT_PASSWORD: secret(
    'The password of the user root, set at each start; without it one is made up at the first',
    password,
  ),
  DATABASE_URL: secret('The PostgreSQL database to use; without it Platter runs its own', databaseUrl),
  PLATTER_DATABASE_CONNECTIONS: setting(
    'How many connections to the database are opened at most',
    '20',
    whole(2, 1000),
  ),
  PLATTER_AUTHKEY_LIFETIME: setting('How long an authkey lives, in seconds', '600', whole(1, 31_536_000)),
  PLATTER_TRUSTED_PROXIES: setting(
    'Addresses and networks, separated by commas, whose X-Forwarded-For is believed',
    '',
    networks,
  ),
  PLATTER_UPLOADS: setting('How many uploads are taken at once; more are told to come back', '256', whole(1, 100_000)),
  PLATTER_UPLOAD_IDLE: setting(
    'How long an upload may send nothing before it is given up, in seconds',
    '60',
    whole(1, 86_400),
  ),
  PLATTER_UPLOAD_RATE: setting(
    'The least that an upload must send on average over a minute, in bytes per second',
    '1024',
    whole(0, 1_000_000_000),
  ),
  PLATTER_COPIES: setting('How many clones are copied at once', '2', whole(1, 1000)),
  PLATTER_COPY_RATE: setting(
    'The most that all copies together move, in bytes per second; 0 sets no limit',
    '104857600',
    whole(0, 1_000_000_000_000),
  ),
  PLATTER_LEASE: setting('How long an upload outlives the last sign of its replica, in seconds', '15', whole(1, 3600)),
  PLATTER_LEASE_GRACE: setting('How long after that another replica takes it over, in seconds', '10', whole(0, 3600)),
  PLATTER_SHUTDOWN_GRACE: setting(
    'How long requests under way may go on after SIGTERM, in seconds',
    '60',
    whole(0, 86_400),
  ),
  PLATTER_LOG_LEVEL: setting(
    'The least important lines that are logged',
    'info',
    z.enum(['debug', 'info', 'warn', 'error', 'silent'] as const),
  ),
} as const;

export type SettingName = keyof typeof SETTINGS;
export type Settings = { readonly [Name in SettingName]: z.output<(typeof SETTINGS)[Name]['schema']> | Unset<Name> };
type Unset<Name extends SettingName> = Name extends
  'PLATTER_POOLS_FILE' | 'PLATTER_LIBRARY_FILE' | 'PLATTER_ROOT_PASSWORD' | 'DATABASE_URL'
  ? null
  : never;

/** Every setting with what it does and what holds without it, for a person. */
export function describeSettings(): string {
  return Object.entries(SETTINGS)
    .map(
      ([name, { about, fallback }]) =>
        `  ${name}\n      ${about}${fallback === null ? '' : ` (default: ${fallback || 'none'})`}`,
    )
    .join('\n');
}
