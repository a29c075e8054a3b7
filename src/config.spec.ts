import { readConfig, urlHost } from './config.js';

const read = (env: Record<string, string>): ReturnType<typeof readConfig> => readConfig({ FIVE_RING_TIME_ZONE: 'UTC', ...env });

it('listens on this machine only, and answers to its names only, unless told otherwise', () => {
  expect(read({})).toMatchObject({ host: '127.0.0.1', hosts: [], port: 3000 });
  expect(read({ FIVE_RING_HOST: '', FIVE_RING_HOSTS: '' })).toMatchObject({ host: '127.0.0.1', hosts: [] });
});

it.each(['0.0.0.0', '::', '::1', '192.168.1.20'])('listens on %s when told so', (host) => {
  expect(read({ FIVE_RING_HOST: host }).host).toBe(host);
});

it.each(['localhost', 'example.org', '0.0.0.0:3000', '256.1.1.1', '*', ' 127.0.0.1'])('refuses to listen on "%s", in one sentence that names the variable', (host) => {
  expect(() => read({ FIVE_RING_HOST: host })).toThrow(/^FIVE_RING_HOST=.* is no IP address; give 127\.0\.0\.1 .*\.$/);
});

it('takes names to answer to, whatever their case and the blanks around them', () => {
  expect(read({ FIVE_RING_HOSTS: ' Five-Ring.example.org, ring ,,192.168.1.20' }).hosts).toEqual(['five-ring.example.org', 'ring', '192.168.1.20']);
});

it.each(['*', '*.example.org', 'https://example.org', 'example.org:3000', 'a b', '-', 'example.org/'])('refuses "%s" as a name to answer to', (name) => {
  expect(() => read({ FIVE_RING_HOSTS: `fine, ${name}` })).toThrow(`FIVE_RING_HOSTS names ${name}, which is no host name`);
});

it.each([
  ['127.0.0.1', '127.0.0.1'],
  ['127.8.8.8', '127.8.8.8'],
  ['::1', '[::1]'],
  ['0.0.0.0', '127.0.0.1'],
  ['::', '[::1]'],
  ['0:0:0:0:0:0:0:0', '[::1]'],
  ['192.168.1.20', '192.168.1.20'],
  ['12.7.0.1', '12.7.0.1'],
  ['FD00::1', '[fd00::1]'],
])('knows of %s its name in a URL (%s)', (host, name) => {
  expect(urlHost(host)).toBe(name);
});

it('trusts no proxy unless told, and knows addresses and networks', () => {
  expect(read({}).proxies).toEqual([]);
  expect(read({ FIVE_RING_TRUSTED_PROXIES: ' 10.0.0.7, 172.16.0.0/12,,fd00::/8,::1' }).proxies).toEqual(['10.0.0.7', '172.16.0.0/12', 'fd00::/8', '::1']);
});

it.each(['*', 'true', 'proxy', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/0', 'fd00::/129', '10.0.0.0/8/8', '1', '10.0.0.0/1e1'])('refuses "%s" as a proxy to trust', (name) => {
  expect(() => read({ FIVE_RING_TRUSTED_PROXIES: `10.0.0.7, ${name}` })).toThrow(`FIVE_RING_TRUSTED_PROXIES names ${name}, which is neither`);
});
