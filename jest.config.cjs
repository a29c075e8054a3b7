const esm = '@nestjs/|uuid/|kysely/|file-type/|strtok3/|token-types/|uint8array-extras/|@borewit/|@tokenizer/|load-esm/|cookie/|content-disposition/|@faker-js/|lru-cache/|commander/|openid-client/|oauth4webapi/|jose/|htmlparser2/|domelementtype/|domhandler/|domutils/|dom-serializer/|entities/';
module.exports = {
  testEnvironment: '<rootDir>/test/environment.cjs',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true, decoratorMetadata: true }, target: 'es2023' }, module: { type: 'commonjs' } }],
    '^.+\\.m?js$': ['@swc/jest', { jsc: { target: 'es2023' }, module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esm}))`],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // Long, for machines that do much else besides: a test that waits for ever still ends.
  testTimeout: 180000,
  // All cores: much of the time is spent waiting for servers, disks and browsers.
  maxWorkers: '100%',
};
