import { passwordForms, requirePassword } from '../../../src/domain/access/password.ts';
import { isUserName, requireUserName } from '../../../src/domain/access/user-name.ts';

describe('A user name', () => {
  it.each(['ann', 'Ann Example', 'ä'.repeat(127), '株式会社', '0'])('may be %j', (name) => {
    expect(requireUserName(name)).toBe(name);
    expect(isUserName(name)).toBe(true);
  });

  it.each(['', 'ann:bob', 'ann\0', 'ann\n', 'ä'.repeat(128), '\ud800', 'a\u202eb'])('may not be %j', (name) => {
    expect(() => requireUserName(name)).toThrow('name-invalid');
    expect(isUserName(name)).toBe(false);
  });
});

describe('A password', () => {
  it.each(['x', ' ', 'a:b', 'a\0b', 'ä'.repeat(512)])('may be %j', (password) => {
    expect(requirePassword(password)).toBe(password);
  });

  it.each(['', 'a'.repeat(1025), 'ä'.repeat(513), '\ud800'])('may not be %j', (password) => {
    expect(() => requirePassword(password)).toThrow('password-invalid');
  });
});

it('Names and passwords are stored in NFC, and measured so', () => {
  expect(requireUserName('Zoe\u0308')).toBe('Zo\u00eb');
  expect(requirePassword('Zoe\u0308')).toBe('Zo\u00eb');
  expect(requireUserName('e\u0308'.repeat(127))).toBe('\u00eb'.repeat(127));
});

it('A password is tried in NFC and, where that differs, as it was shown', () => {
  expect(passwordForms('Zo\u00eb')).toEqual(['Zo\u00eb']);
  expect(passwordForms('Zoe\u0308')).toEqual(['Zo\u00eb', 'Zoe\u0308']);
});
