import { execFileSync } from 'node:child_process';

/** Mounting is for root, or for whoever may make a user namespace in which they are. */
const NAMESPACES = process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];

/**
 * Whether this host lets us mount a filesystem that only one program and its children see. A CI has
 * to: there, what needs it fails where it can't be had.
 */
export const canMount = process.env.CI === 'true' || tryToMount();

function tryToMount(): boolean {
  try {
    execFileSync('unshare', [...NAMESPACES, 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * What to put before a command, so that `folder` has room for `bytes` only. It ends with the
 * program.
 */
export function withSmall(folder: string, bytes: number): readonly string[] {
  const script = 'mount -t tmpfs -o "size=$0" none "$1" && shift && exec "$@"';
  return ['unshare', ...NAMESPACES, 'sh', '-c', script, String(bytes), folder];
}
