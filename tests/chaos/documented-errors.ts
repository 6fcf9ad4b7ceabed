import type { Answer } from '../support/http/client.ts';

type DocumentedError = readonly [code: number, status: number];

/**
 * The errors that any call with a JSON body may get (docs/velocity.md#errors, the row "any"),
 * except those of an outage.
 */
export const ANY_CALL: readonly DocumentedError[] = [
  [100, 401],
  [101, 429],
  [110, 400],
  [111, 404],
  [112, 405],
  [113, 413],
];

/** The errors of each call (docs/velocity.md#errors). */
export const DOCUMENTED: Readonly<Record<string, readonly DocumentedError[]>> = {
  'POST /u/auth': [[1100, 403]],
  'PATCH /u/auth': [
    [1400, 403],
    [1401, 403],
  ],
  'DELETE /u/auth': [],
  'POST /u/user': [
    [2100, 403],
    [2110, 404],
  ],
  'PATCH /u/user': [
    [2400, 403],
    [2410, 404],
    [2411, 404],
  ],
  'PUT /u/user': [
    [2200, 403],
    [2220, 409],
    [2221, 403],
  ],
  'DELETE /u/user': [
    [2300, 403],
    [2310, 404],
  ],
  'POST /u/user/list': [[3100, 403]],
  'PUT /u/user/permission': [
    [4200, 403],
    [4210, 404],
    [4211, 404],
    [4212, 404],
    [4220, 403],
  ],
  'DELETE /u/user/permission': [
    [4300, 403],
    [4310, 404],
    [4311, 404],
    [4312, 404],
  ],
  'POST /u/group': [
    [5100, 403],
    [5110, 404],
  ],
  'PUT /u/group': [
    [5200, 403],
    [5210, 404],
    [5220, 409],
  ],
  'DELETE /u/group': [
    [5300, 403],
    [5310, 404],
    [5320, 409],
  ],
  'POST /u/group/list': [],
  'PUT /m/pool/assign': [
    [6200, 403],
    [6210, 404],
    [6211, 404],
  ],
  'DELETE /m/pool/assign': [
    [6300, 403],
    [6310, 404],
    [6311, 404],
  ],
  'POST /v/vm/list': [],
  'POST /v/nic/list': [],
  'POST /m/pool/list': [
    [7100, 403],
    [7110, 404],
  ],
  'PUT /m/media/create': [
    [8200, 403],
    [8201, 403],
    [8210, 404],
    [8211, 404],
    [8220, 409],
    [8221, 406],
  ],
  'PUT /m/media/upload': [
    [9200, 403],
    [9201, 403],
    [9210, 400],
    [9212, 400],
    [9213, 400],
    [9214, 400],
    [9215, 400],
    [9216, 400],
    [9217, 404],
    [9218, 404],
    [9220, 409],
    [9221, 406],
    [9222, 413],
    [9223, 400],
    [9224, 400],
  ],
  'DELETE /m/media': [
    [9300, 403],
    [9301, 403],
    [9310, 404],
    [9320, 409],
    [9321, 409],
  ],
  'POST /m/media/list': [
    [10100, 403],
    [10110, 404],
  ],
};

/**
 * Tells whether the document allows this answer: a 200, or an error with one of these codes and its
 * status.
 */
export function isAmong(rows: readonly DocumentedError[], { status, body }: Answer): boolean {
  if (status === 200) return true;
  const code = (body as { code?: unknown } | undefined)?.code;
  return rows.some((row) => row[0] === code && row[1] === status);
}

/**
 * The errors of the CloudSigma calls that a scenario makes, with their status
 * (docs/cloudsigma.md#who-may-what and docs/cloudsigma.md#drives).
 */
export const DOCUMENTED_ON_DRIVES: Readonly<Record<string, readonly string[]>> = {
  'do=clone': ['billing 402', 'permission 403', 'notexist 404', 'concurrency 409', 'validation 400'],
  'do=resize': ['billing 402', 'permission 403', 'notexist 404', 'concurrency 409', 'validation 400'],
  'DELETE /drives/': ['permission 403', 'notexist 404'],
};

/**
 * Tells whether the document allows this answer: a success, or an error of one of these types with
 * its status.
 */
export function isAmongTypes(types: readonly string[], { status, body }: Answer): boolean {
  if (status === 202 || status === 204) return true;
  const [fault] = body as readonly { readonly error_type: string }[];
  return types.includes(`${String(fault?.error_type)} ${status}`);
}
