// For `node --import`: lets Node 20 run the project's TypeScript as it is, so that tests can start
// parts of it as processes of their own.
import { register } from 'node:module';

register('./typescript-loader.mjs', import.meta.url);
