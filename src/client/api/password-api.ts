import { Api } from './api.ts';

/** Returns the API with a name and a password, which tokens and passwords need. */
export function passwordApi(url: URL, name: string, password: string): Api {
  return new Api({ url, authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` });
}
