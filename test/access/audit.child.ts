/** Notes numbered records until it is killed; says now and then how many it noted and how many are written. */
import { SqliteAuditTable } from '../../src/access/audit-sqlite.writer.js';
import { AuditWriter } from '../../src/access/audit.writer.js';

const audit = await AuditWriter.open(new SqliteAuditTable(process.argv[2]!), { days: () => 400 });
let noted = 0;
setInterval(() => {
  for (let i = 0; i < 5; i += 1) {
    audit.note({ at: Date.now(), action: 'read', outcome: 'done', colleague: 'ada', via: 'session', route: 'GET /api/v1/portfolio', target: null, part: null, status: 200, address: '192.0.2.7', request: String(noted), times: 1, until: null });
    noted += 1;
  }
  process.stdout.write(`${noted} ${audit.state.written}\n`);
}, 5);
