import { execFileSync } from 'node:child_process';

/** Mounting needs root, or a user namespace. */
const NAMESPACES = process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];

/**
 * Whether this host allows to mount a filesystem for one program and its children. A CI host has
 * to; there the tests that need it fail without it.
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

/** Returns the command prefix that limits `folder` to `bytes` while the program runs. */
export function withSmall(folder: string, bytes: number): readonly string[] {
  const script = 'mount -t tmpfs -o "size=$0" none "$1" && shift && exec "$@"';
  return ['unshare', ...NAMESPACES, 'sh', '-c', script, String(bytes), folder];
}
