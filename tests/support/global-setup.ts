import { startTestServer } from './database/test-server.ts';
import type { TestServer } from './database/test-server.ts';
import { writeDocument, type WrittenDocument } from './openapi/written-document.ts';

declare global {
  /** From the setup of a run to its teardown, which jest runs in the same process. */
  var platterTestServer: TestServer | undefined;
  var platterDocument: WrittenDocument | null | undefined;
}

export default async function setUp(): Promise<void> {
  const document = await writeDocument();
  globalThis.platterDocument = document;
  if (document !== null) process.env.PLATTER_TEST_DOCUMENT = document.path;
  const server = await startTestServer(process.env.DATABASE_URL);
  globalThis.platterTestServer = server;
  // Test processes start later and inherit these.
  process.env.PLATTER_TEST_SERVER = server.url;
  process.env.PLATTER_TEST_PREFIX = server.prefix;
  process.env.PLATTER_TEST_CLUSTER = server.cluster;
}
