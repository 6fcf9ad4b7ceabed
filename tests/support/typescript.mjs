// For `node --import`: lets Node 20 run the project's TypeScript, so that tests can start parts of
// it in processes of their own.
import { register } from 'node:module';

register('./typescript-loader.mjs', import.meta.url);
