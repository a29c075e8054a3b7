/** Imported first: an older Node stops with one sentence, before a driver that it cannot load. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 14)) {
  process.stderr.write(`Five-Ring needs Node 22.14 or newer; this is ${process.versions.node}. Start it through npm (npm start, npm run five-ring), which brings Node 24 along.\n`);
  process.exit(1);
}
export {};
