import { z } from 'zod';

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

const list = z.string().transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

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
  PLATTER_ROOT_PASSWORD: secret(
    'The password of the user root, set at each start; without it one is made up at the first',
    text,
  ),
  DATABASE_URL: secret(
    'The PostgreSQL database to use; without it Platter runs its own',
    z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgres://'),
  ),
  PLATTER_DATABASE_CONNECTIONS: setting(
    'How many connections to the database are opened at most',
    '20',
    whole(2, 1000),
  ),
  PLATTER_AUTHKEY_LIFETIME: setting('How long an authkey lives, in seconds', '600', whole(1, 31_536_000)),
  PLATTER_TRUSTED_PROXIES: setting(
    'Addresses and networks, separated by commas, whose X-Forwarded-For is believed',
    '',
    list,
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
type Unset<Name extends SettingName> = Name extends 'PLATTER_POOLS_FILE' | 'PLATTER_ROOT_PASSWORD' | 'DATABASE_URL'
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
