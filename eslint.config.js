import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const noPipe = {
  // zod's free function `z.pipe` joins two schemas and moves no bytes.
  selector: 'CallExpression[callee.property.name="pipe"]:not([callee.object.name="z"])',
  message: 'Use stream.pipeline: .pipe() loses errors and leaves the other end open.',
};

const noDefaultExport = [
  { selector: 'ExportDefaultDeclaration', message: 'Export by name, so that a thing has one name everywhere.' },
  { selector: 'ExportSpecifier[exported.name="default"]', message: 'Export by name.' },
];

const noAmbientEnvironment = [
  {
    selector: 'MemberExpression[object.name="process"][property.name="env"]',
    message: 'Settings are read once, in src/infrastructure/config, and handed on as a Config.',
  },
  {
    selector: 'VariableDeclarator[init.name="process"] > ObjectPattern',
    message: 'Settings are read once, in src/infrastructure/config, and handed on as a Config.',
  },
];

const noHalfSuites = [
  {
    selector:
      'CallExpression > MemberExpression.callee[object.name=/^(describe|it|test)$/][property.name=/^(only|skip|todo)$/]',
    message: 'A suite runs whole: nothing alone, nothing skipped, nothing promised for later.',
  },
  {
    selector: 'CallExpression[callee.name=/^(fdescribe|fit|xdescribe|xit|xtest)$/]',
    message: 'A suite runs whole: nothing alone, nothing skipped, nothing promised for later.',
  },
  {
    selector:
      'CallExpression[callee.object.name="jest"][callee.property.name=/^(mock|doMock|unstable_mockModule|spyOn)$/]',
    message: 'Tests use the real thing; where that is too large, hand in a small object of your own through the port.',
  },
];

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'data/']),
  {
    // A rule that is wrong is changed here, for everybody and with a reason; a line cannot opt out
    // of it.
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'off' },
  },
  js.configs.recommended,
  {
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: { globals: { process: 'readonly', URL: 'readonly' } },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './console/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'no-restricted-syntax': ['error', noPipe, ...noDefaultExport, ...noAmbientEnvironment],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'node:process',
              message: 'Use the global process; its env is for src/infrastructure/config/config.',
            },
          ],
        },
      ],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      'no-console': 'error',
      // `== null` is the one question that asks for null and undefined at once.
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      // Without the promise rules a lost rejection ends the process, or worse, ends nothing.
      '@typescript-eslint/promise-function-async': ['error', { checkArrowFunctions: false }],
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      // A new state, error code or permission must be looked at wherever one is told from another.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/require-array-sort-compare': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => void thing()` and `() => stop()` read the same to everybody.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Express’s requests are Node’s by their shape: nobody calls their constructor.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // An implementation of an asynchronous port may have nothing to wait for.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // The places that read the environment: of the service, and of the command line.
    files: ['src/infrastructure/config/config.ts', 'src/client/environment.ts'],
    rules: { 'no-restricted-syntax': ['error', noPipe, ...noDefaultExport] },
  },
  {
    // The types of queries follow from the calls that they make.
    files: ['console/**/*.{ts,tsx}'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  {
    // It hands its environment on to the programs that it starts.
    files: ['bench/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', noPipe, ...noDefaultExport] },
  },
  {
    files: ['tests/**/*.ts'],
    rules: {
      // Tests hand the environment on to the programs they start.
      'no-restricted-syntax': ['error', noPipe, ...noDefaultExport, ...noHalfSuites],
      // In a test the wrong guess fails the test, which is what it is for.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    // jest takes what it does before and after a whole run from default exports only.
    files: ['tests/support/global-*.ts'],
    rules: { 'no-restricted-syntax': ['error', noPipe, ...noHalfSuites] },
  },
);
