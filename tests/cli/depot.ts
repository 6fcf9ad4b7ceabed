import { NativeClient } from '../acceptance/native/native-client.ts';
import { ROOT_PASSWORD, startPlatter, type Platter, type PlatterOptions } from '../support/program/platter.ts';
import { Workplace } from './command.ts';

/** A running Platter with the account of a user on it. */
export interface Depot {
  readonly platter: Platter;
  /** `/v1` with the password of root. */
  readonly api: NativeClient;
  /** The machine of root, which has PLATTER_URL and PLATTER_TOKEN. */
  readonly workplace: Workplace;
  /** An API token of root. */
  readonly token: string;
}

/** Starts Platter, and makes a token of root with that scope. */
export async function openDepot(options: PlatterOptions = {}, scope = 'admin'): Promise<Depot> {
  const platter = await startPlatter(options);
  // After a restart it listens on another port.
  const api = (): NativeClient => NativeClient.withPassword(platter.url, 'root', ROOT_PASSWORD);
  const { token } = await api().ask<{ token: string }>('POST /tokens', { name: 'cli', scope });
  const workplace = await Workplace.open({ PLATTER_URL: platter.url, PLATTER_TOKEN: token });
  return {
    platter,
    token,
    workplace,
    get api() {
      return api();
    },
  };
}

/** Creates an empty disk and returns its id. */
export async function createDisk(api: NativeClient, name: string, group = 0, size = 512): Promise<string> {
  const { id } = await api.ask<{ id: string }>('POST /media', { name, group, pool: 1, size });
  return id;
}
