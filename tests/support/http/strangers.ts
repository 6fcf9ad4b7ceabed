import { send, type Answer } from './client.ts';

/** The setting under which a test says itself from where it comes. */
export const BEHIND_PROXY = { PLATTER_TRUSTED_PROXIES: '127.0.0.1' };

/** Logs in with the Velocity dialect, as if from `address`. */
export async function logInFrom(url: string, address: string, name: string, password: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': address };
  return send(url, { method: 'POST', path: '/u/auth', headers, body: JSON.stringify({ name, password }) });
}

/** Asks for the profile with the CloudSigma dialect, as if from `address`. */
export async function profileFrom(url: string, address: string, name: string, password: string): Promise<Answer> {
  const authorization = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
  return send(url, {
    method: 'GET',
    path: '/api/2.0/profile/',
    headers: { authorization, 'x-forwarded-for': address },
  });
}
