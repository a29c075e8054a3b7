/** Loaded before the server: a stop signal ends it at once, whoever waits for an answer. */
process.once('SIGTERM', () => process.exit(0));
