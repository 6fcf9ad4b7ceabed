const esmOnlyPackages = ['inversify', '@inversifyjs', '@seriousme'].join('|');

export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/tests'],
  testMatch: ['**/*.test.ts'],
  // A limit that only something stuck can reach; each wait within a test has one of its own
  // (tests/support/waiting/stuck-after.ts).
  testTimeout: 1_800_000,
  maxWorkers: 3,
  // Modules of finished suites stay in memory: a new worker costs less than their collection.
  workerIdleMemoryLimit: '512MB',
  globalSetup: '<rootDir>/tests/support/global-setup.ts',
  globalTeardown: '<rootDir>/tests/support/global-teardown.ts',
  transform: {
    '^.+\\.[jt]s$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnlyPackages})/)`],
};
