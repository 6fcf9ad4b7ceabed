import { Server } from '@tus/server';
import { FileStore } from '@tus/file-store';

// usage: tus-server FOLDER. Prints the port that it listens on.
const [directory = ''] = process.argv.slice(2);
const tus = new Server({ path: '/files', datastore: new FileStore({ directory }) });
const server = tus.listen({ host: '127.0.0.1', port: 0 }, () => {
  process.stdout.write(`ready ${JSON.stringify(server.address())}\n`);
});
process.on('SIGTERM', () => process.exit(0));
