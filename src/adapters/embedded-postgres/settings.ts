/** The role and the database that Platter uses in the embedded server. */
export const ROLE = 'platter';
export const DATABASE = 'platter';

/**
 * The whole environment of PostgreSQL's programs. Ours is not passed on: it may hold secrets, which
 * other processes of the server's user could read, and variables that change PostgreSQL's
 * behaviour.
 */
export const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

/**
 * Returns the flags of initdb. They do not depend on the locales of the host: UTF-8 text, compared
 * by code point.
 */
export function initialisationFlags(dataFolder: string, passwordFile: string, durable: boolean): string[] {
  return [
    `--pgdata=${dataFolder}`,
    `--username=${ROLE}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=libc',
    '--data-checksums',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ];
}

/**
 * Returns the flags of a start, so that a new version of Platter can change them. `durable` false
 * gives up crash safety for speed, for databases that may be lost.
 */
export function serverFlags(dataFolder: string, port: number, logFolder: string, durable: boolean): string[] {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 100,
    shared_buffers: '64MB',
    max_wal_size: '256MB',
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    logging_collector: 'on',
    log_directory: logFolder,
    log_filename: LOG_FILE_PATTERN,
    log_rotation_size: `${LOG_FILE_MEGABYTES}MB`,
    log_rotation_age: 0,
    log_checkpoints: 'off',
    // A statement or a row in the log could contain secrets.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    ...(durable ? DURABLE : NOT_DURABLE),
  };
  return ['-D', dataFolder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** Each start and each rotation begins a new file; the names sort by time. */
const LOG_FILE_PATTERN = 'postgres-%Y%m%d-%H%M%S.log';
export const LOG_FILE_NAME = /^postgres-\d{8}-\d{6}\.log$/;
const LOG_FILE_MEGABYTES = 4;

const DURABLE = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' };
/** Many test programs use such a server at once, each with its own connections. */
const NOT_DURABLE = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: 500 };
