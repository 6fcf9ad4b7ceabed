import { passwordForms, requirePassword } from '../../../src/domain/access/password.ts';
import { isUserName, requireUserName } from '../../../src/domain/access/user-name.ts';

describe('requireUserName', () => {
  it.each(['ann', 'Ann Example', 'ä'.repeat(127), '株式会社', '0'])('accepts %j', (name) => {
    expect(requireUserName(name)).toBe(name);
    expect(isUserName(name)).toBe(true);
  });

  it.each(['', 'ann:bob', 'ann\0', 'ann\n', 'ä'.repeat(128), '\ud800', 'a\u202eb'])('refuses %j', (name) => {
    expect(() => requireUserName(name)).toThrow('name-invalid');
    expect(isUserName(name)).toBe(false);
  });
});

describe('requirePassword', () => {
  it.each(['x', ' ', 'a:b', 'a\0b', 'ä'.repeat(512)])('accepts %j', (password) => {
    expect(requirePassword(password)).toBe(password);
  });

  it.each(['', 'a'.repeat(1025), 'ä'.repeat(513), '\ud800'])('refuses %j', (password) => {
    expect(() => requirePassword(password)).toThrow('password-invalid');
  });
});

it('returns names and passwords in NFC, and measures that form', () => {
  expect(requireUserName('Zoe\u0308')).toBe('Zo\u00eb');
  expect(requirePassword('Zoe\u0308')).toBe('Zo\u00eb');
  expect(requireUserName('e\u0308'.repeat(127))).toBe('\u00eb'.repeat(127));
});

it('compares a password in NFC and, if that differs, as sent', () => {
  expect(passwordForms('Zo\u00eb')).toEqual(['Zo\u00eb']);
  expect(passwordForms('Zoe\u0308')).toEqual(['Zo\u00eb', 'Zoe\u0308']);
});
