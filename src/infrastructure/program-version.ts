import { createRequire } from 'node:module';

/** Returns the version of the program. */
export function programVersion(): string {
  // By name, since the built program has this module in another folder.
  const { version } = createRequire(import.meta.url)('#package') as { readonly version: string };
  return version;
}
