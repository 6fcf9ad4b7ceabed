import { request, type IncomingMessage } from 'node:http';
import { rowsOf } from '../../support/database/test-database.ts';
import { until } from '../../support/waiting/until.ts';

/** The program's connections that run a statement or a transaction. */
const BUSY = `select from pg_stat_activity where datname = current_database() and application_name = 'platter' and state <> 'idle'`;

/** Sends a request such as `GET /servers/` and returns the response before its body is read. */
export async function beginReading(
  url: string,
  operation: string,
  authorization: string,
  fields?: object,
): Promise<IncomingMessage> {
  const [method = '', path = ''] = operation.split(' ');
  const headers = { authorization, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    request(`${url}${path}`, { method, agent: false, headers })
      .once('response', resolve)
      .once('error', reject)
      .end(fields === undefined ? undefined : JSON.stringify(fields));
  });
}

export async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return text;
}

/** Resolves once no database connection is busy. */
export async function untilIdle(databaseUrl: string): Promise<void> {
  await until('no connection is busy', async () => (await rowsOf(databaseUrl, BUSY)).length === 0);
}
