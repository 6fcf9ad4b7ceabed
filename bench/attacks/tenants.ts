import { ask } from '../client/ask.ts';

/** Settings under which a caller sets its own address (`X-Forwarded-For`). */
export const BEHIND_PROXY = { PLATTER_TRUSTED_PROXIES: '127.0.0.1' };

/** A tenant: a group below the root with pool 1, and a user in it. */
export interface Tenant {
  readonly url: string;
  readonly name: string;
  readonly gid: number;
  /** The headers of its calls to each API, with its address. */
  readonly velocity: Readonly<Record<string, string>>;
  readonly cloudsigma: Readonly<Record<string, string>>;
}

const RIGHTS = ['media.list', 'media.create', 'media.remove', 'pool.list'];
const QUOTA = 16 * 2 ** 30;

/** Creates a tenant. `root` has the headers of the operator. */
export async function createTenant(
  url: string,
  root: Readonly<Record<string, string>>,
  name: string,
  address: string,
): Promise<Tenant> {
  const { gid } = await ask<{ gid: number }>(url, 'PUT', '/u/group', root, { name, parent_gid: 0 });
  await ask(url, 'PUT', '/m/pool/assign', root, { gid, mpid: 1, quota: QUOTA, write: true, manage: true });
  const { uid } = await ask<{ uid: number }>(url, 'PUT', '/u/user', root, { name, password: name });
  for (const right of RIGHTS) {
    await ask(url, 'PUT', '/u/user/permission', root, { uid, gid, permission: `velocity.${right}` });
  }
  await ask(url, 'PATCH', '/u/user', root, { uid, home_gid: gid });
  const from = { 'X-Forwarded-For': address };
  const { authkey } = await ask<{ authkey: string }>(url, 'POST', '/u/auth', from, { name, password: name });
  return {
    url,
    name,
    gid,
    velocity: { ...from, Authorization: `Bearer ${authkey}` },
    cloudsigma: { ...from, Authorization: `Basic ${Buffer.from(`${name}:${name}`).toString('base64')}` },
  };
}
