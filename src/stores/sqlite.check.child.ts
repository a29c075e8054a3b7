/** Checks the log file that is named, and says as JSON what `check` finds: a process of its own, since reading a large file through holds up everything else in one. */
import { check } from './sqlite.check.js';

process.stdout.write(JSON.stringify(check(process.argv[2] ?? '')));
