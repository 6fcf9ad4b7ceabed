import { openLog } from '../../../src/adapters/logging/pino-log.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { DomainError } from '../../../src/domain/shared/domain-error.ts';

const log = openLog('info');
log.info({ request: 'one' }, 'a line');

const inside = Object.assign(new Error('permission denied'), { code: 'EACCES' });
const database = Object.assign(new Error('duplicate key'), {
  code: '23505',
  detail: 'Key (name)=(secret) already exists.',
  bindings: ['secret'],
  sql: 'insert secret',
  cause: inside,
});
const failure = new DomainError('body-too-long', { promised: bytes(3) }, { cause: database });
log.warn({ err: failure }, 'a warning');
log.error({ err: 'only words' }, 'an error');
const sent = 'sent by a client '.repeat(10_000);
const long = new DomainError('name-invalid', { reason: sent }, { cause: new Error(sent) });
log.error({ err: long }, 'a long error');
log.error({ err: chainOf(long, 20) }, 'an error with many causes');
openLog('warn').info({}, 'below the level');

function chainOf(error: Error, length: number): Error {
  return length === 0 ? error : new Error(`failed ${length} times`, { cause: chainOf(error, length - 1) });
}
