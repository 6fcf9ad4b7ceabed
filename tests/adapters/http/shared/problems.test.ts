import { problemOf, problemTitle } from '../../../../src/adapters/http/shared/problems.ts';
import { RequestError } from '../../../../src/adapters/http/shared/request-error.ts';
import { bytes } from '../../../../src/domain/shared/bytes.ts';
import { DomainError } from '../../../../src/domain/shared/domain-error.ts';

const quota = { needed: bytes(10), left: bytes(3), limitedBy: 'group' } as const;

describe('A problem', () => {
  it('has the numbers of the case', () => {
    expect(problemOf(new DomainError('quota-exceeded', quota))).toEqual({
      type: '/problems/quota-exceeded',
      title: 'The quota is exceeded',
      status: 403,
      detail: 'group quota exceeded: 10 bytes needed, 3 bytes left',
      code: 'quota-exceeded',
      limited_by: 'group',
      needed_bytes: 10,
      available_bytes: 3,
    });
    expect(problemOf(new DomainError('upload-offset-mismatch', { offset: bytes(5) }))).toMatchObject({ offset: 5 });
  });

  it('names the field at fault', () => {
    const error = new RequestError('malformed', [{ message: 'Upload-Length is missing', point: 'Upload-Length' }]);
    expect(problemOf(error)).toMatchObject({ status: 400, field: 'Upload-Length', detail: 'Upload-Length is missing' });
    expect(problemOf(new RequestError('malformed', 'no'))).not.toHaveProperty('field');
  });

  it('says nothing about the inside when the server failed', () => {
    expect(problemOf(new Error('the secret path'))).toEqual({
      type: '/problems/internal-error',
      title: 'The server failed unexpectedly',
      status: 500,
      detail: 'the server failed unexpectedly: tell its operator the request_id',
      code: 'internal-error',
    });
  });

  it('has a title for each code', () => {
    expect(problemTitle('upload-gone')).toBe('The upload has ended');
    expect(problemTitle('wrong-method')).toBe('The path does not take this method');
    expect(problemTitle('toString')).toBeNull();
  });
});
