/** Node, as jest has it; and when a test fails, what it left for the reader to see: `globalThis.whenFailed` says it (see test/browser/browser.ts). */
const { TestEnvironment } = require('jest-environment-node');

module.exports = class extends TestEnvironment {
  async handleTestEvent({ name }) {
    if (name === 'test_fn_failure') await this.global.whenFailed?.();
  }
};
