import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the command line takes from its environment. */
export interface Environment {
  /** `PLATTER_URL` and `PLATTER_TOKEN`; null without. */
  readonly url: string | null;
  readonly token: string | null;
  /** Whether the environment names a proxy that Node was not told to use. */
  readonly hasUnusedProxy: boolean;
  /** The file with the profiles. */
  readonly configFile: string;
  /** Where interrupted uploads are remembered. */
  readonly uploadsFolder: string;
}

/** Reads the environment, with folders as the XDG Base Directory Specification has them. */
export function readEnvironment(): Environment {
  const { PLATTER_URL, PLATTER_TOKEN, XDG_CONFIG_HOME, XDG_STATE_HOME } = process.env;
  const config = filled(XDG_CONFIG_HOME) ?? join(homedir(), '.config');
  const state = filled(XDG_STATE_HOME) ?? join(homedir(), '.local', 'state');
  return {
    url: filled(PLATTER_URL),
    token: filled(PLATTER_TOKEN),
    hasUnusedProxy: hasUnusedProxy(),
    configFile: join(config, 'platter', 'config.json'),
    uploadsFolder: join(state, 'platter', 'uploads'),
  };
}

function hasUnusedProxy(): boolean {
  const { http_proxy, https_proxy, HTTP_PROXY, HTTPS_PROXY, NODE_USE_ENV_PROXY } = process.env;
  const named = [http_proxy, https_proxy, HTTP_PROXY, HTTPS_PROXY].some((proxy) => filled(proxy) !== null);
  return named && NODE_USE_ENV_PROXY !== '1';
}

/** An empty variable counts as an absent one. */
function filled(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value;
}
