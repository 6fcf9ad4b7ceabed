import { send, type Answer } from './client.ts';

/** The settings with which tests choose their client address by `X-Forwarded-For`. */
export const BEHIND_PROXY = { PLATTER_TRUSTED_PROXIES: '127.0.0.1' };

/** Logs in with the Velocity API from `address`. */
export async function logInFrom(url: string, address: string, name: string, password: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': address };
  return send(url, { method: 'POST', path: '/u/auth', headers, body: JSON.stringify({ name, password }) });
}

/** Reads the profile with the CloudSigma API from `address`. */
export async function profileFrom(url: string, address: string, name: string, password: string): Promise<Answer> {
  const authorization = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
  return send(url, {
    method: 'GET',
    path: '/api/2.0/profile/',
    headers: { authorization, 'x-forwarded-for': address },
  });
}
