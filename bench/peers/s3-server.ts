import { startS3Server } from '../../tests/support/s3-server/server.ts';

// usage: s3-server, with the credentials in its environment. Runs the small in-memory S3 server of
// the tests in its own process.
const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = process.env;
const { url } = await startS3Server({ accessKeyId, secretAccessKey });
process.stdout.write(`ready ${url}\n`);
process.on('SIGTERM', () => process.exit(0));
