import { bytes } from '../../../src/domain/shared/bytes.ts';
import { DomainError, isDomainError, isFailure } from '../../../src/domain/shared/domain-error.ts';
import { isUuid } from '../../../src/domain/shared/ids.ts';

describe('DomainError', () => {
  const cause = new Error('what went wrong inside');
  const error: unknown = new DomainError('body-too-long', { promised: bytes(3) }, { cause });

  it('has a code, a detail and a cause', () => {
    expect(error).toMatchObject({ name: 'DomainError', code: 'body-too-long', detail: { promised: 3 }, cause });
  });

  it('is distinguished from other errors, and by its code', () => {
    expect(isDomainError(error)).toBe(true);
    expect(isDomainError(Object.assign(new Error('no'), { code: 'body-too-long' }))).toBe(false);
    expect(isFailure(error, 'body-too-long')).toBe(true);
    expect(isFailure(error, 'body-too-short')).toBe(false);
    expect(isFailure(cause, 'body-too-long')).toBe(false);
  });
});

describe('isUuid', () => {
  it.each([
    ['8ea60ac8-1c13-4e13-b3ab-0d0bd29cb1c9', true],
    ['8EA60AC8-1C13-4E13-B3AB-0D0BD29CB1C9', true],
    ['00000000-0000-0000-0000-000000000000', true],
    ['8ea60ac81c134e13b3ab0d0bd29cb1c9', false],
    ['{8ea60ac8-1c13-4e13-b3ab-0d0bd29cb1c9}', false],
    ['8ea60ac8-1c13-4e13-b3ab-0d0bd29cb1c9\n', false],
    ['8ea60ac8-1c13-4e13-b3ab-0d0bd29cb1cg', false],
    ['../8ea60ac8-1c13-4e13-b3ab-0d0bd29cb1c9', false],
    ['', false],
  ])('returns for %j: %s', (text, is) => {
    expect(isUuid(text)).toBe(is);
  });
});
