/** What comes with us: whose code may run while it is installed, under which licences it stands, and whether the list of it is whole. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Locked {
  name?: string;
  version?: string;
  dev?: boolean;
  license?: string;
  integrity?: string;
  resolved?: string;
  hasInstallScript?: boolean;
}
type Packages = Record<string, Locked>;
interface Project {
  allowScripts: Record<string, boolean>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}
interface Sbom {
  bomFormat: string;
  specVersion: string;
  metadata: { component: { name: string } };
  components: { name: string; version: string; licenses?: unknown[]; hashes?: unknown[] }[];
}

const ROOT = join(__dirname, '..');
const project = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Project;
const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as { packages: Packages };

const nameOf = (path: string, { name }: Locked): string => name ?? path.split('node_modules/').at(-1)!;
const all = (of: Packages): [string, Locked][] => Object.entries(of).filter(([path]) => path !== '').map(([path, one]) => [nameOf(path, one), one]);
const used = (of: Packages): [string, Locked][] => all(of).filter(([, { dev }]) => dev !== true);

/** Packages that would run a script when installed, and about which package.json says neither yes nor no. */
const undecided = (of: Packages, allowed: Record<string, boolean>): string[] => all(of).filter(([name, { hasInstallScript }]) => hasInstallScript === true && allowed[name] === undefined).map(([name]) => name);
/** Packages in use whose script may run: none has to. */
const running = (of: Packages, allowed: Record<string, boolean>): string[] => used(of).filter(([name, { hasInstallScript }]) => hasInstallScript === true && allowed[name] === true).map(([name]) => name);
const stale = (of: Packages, allowed: Record<string, boolean>): string[] => Object.keys(allowed).filter((name) => !all(of).some(([one, { hasInstallScript }]) => one === name && hasInstallScript === true));

/** Licences that a work under Apache-2.0 may come with, without asking anything of its users but to keep the notices. */
const LICENCES = new Set(['MIT', 'MIT-0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'Python-2.0', 'CC0-1.0', 'Unlicense', 'Zlib']);
const fits = (licence: string | undefined): boolean => licence !== undefined && licence.replaceAll(/[()]/g, '').split(/ OR /).some((choice) => choice.split(/ AND /).every((one) => LICENCES.has(one.trim())));
const unfit = (of: Packages): string[] => used(of).filter(([, { license }]) => !fits(license)).map(([name, { license }]) => `${name}: ${license}`);

const unhashed = (of: Packages): string[] => all(of).filter(([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? '')).map(([name]) => name);
const loose = ({ dependencies, devDependencies }: Project): string[] => Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+(-[a-z]+\.\d+)?$/.test(version)).map(([name]) => name);

function missingIn(sbom: Sbom, of: Packages): string[] {
  const named = new Set(sbom.components.map(({ name, version }) => `${name}@${version}`));
  return used(of).map(([name, { version }]) => `${name}@${version}`).filter((one) => !named.has(one));
}

const planted = (one: Locked): Packages => ({ ...packages, 'node_modules/planted': { version: '1.0.0', license: 'MIT', ...one } });

describe('install scripts', () => {
  it('each package that has one is named in allowScripts, yes or no, and no name is left over', () => {
    expect(undecided(packages, project.allowScripts)).toEqual([]);
    expect(stale(packages, project.allowScripts)).toEqual([]);
  });

  it('what is in use runs none', () => expect(running(packages, project.allowScripts)).toEqual([]));

  it('planted bug: a package with a script that nobody decided about, one in use that may run it, and a name of nobody', () => {
    expect(undecided(planted({ hasInstallScript: true }), project.allowScripts)).toEqual(['planted']);
    expect(running(planted({ hasInstallScript: true }), { planted: true })).toEqual(['planted']);
    expect(stale(packages, { ...project.allowScripts, planted: false })).toEqual(['planted']);
  });
});

describe('the lock', () => {
  it('knows each package by its hash and names no registry; package.json names exact versions', () => {
    expect(unhashed(packages)).toEqual([]);
    expect(all(packages).filter(([, { resolved }]) => resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/')).map(([name]) => name)).toEqual([]);
    expect(loose(project)).toEqual([]);
  });

  it('planted bug: a package without a hash, a version that floats', () => {
    expect(unhashed(planted({}))).toEqual(['planted']);
    expect(loose({ ...project, dependencies: { planted: '^1.0.0' } })).toEqual(['planted']);
  });
});

describe('licences', () => {
  it('of everything in use go with Apache-2.0', () => expect(unfit(packages)).toEqual([]));

  it.each(['GPL-3.0', 'AGPL-3.0-or-later', 'SSPL-1.0', 'UNLICENSED', 'SEE LICENSE IN LICENSE.md', '(MIT AND GPL-2.0)', undefined])('planted bug: %s is seen', (license) => {
    expect(unfit({ ...packages, 'node_modules/planted': { version: '1.0.0', ...(license !== undefined && { license }) } })).toEqual([`planted: ${license}`]);
  });

  it.each(['(MIT OR GPL-2.0)', '(BSD-3-Clause AND Apache-2.0)'])('%s fits', (license) => expect(fits(license)).toBe(true));
});

describe('npm run sbom', () => {
  let sbom: Sbom;
  beforeAll(() => {
    sbom = JSON.parse(execFileSync(process.execPath, [join(ROOT, 'deploy/sbom.mjs')], { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28 })) as Sbom;
  }, 60_000);

  it('is CycloneDX of Five-Ring, and names everything in use with its licence and hash, and nothing for development only', () => {
    expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'five-ring' } } });
    expect(missingIn(sbom, packages)).toEqual([]);
    expect(sbom.components.filter(({ licenses, hashes }) => !licenses?.length || !hashes?.length).map(({ name }) => name)).toEqual([]);
    const names = new Set(sbom.components.map(({ name }) => name));
    expect(Object.keys(project.dependencies).filter((name) => !names.has(name))).toEqual([]);
    expect(['jest', 'eslint', '@swc/core'].filter((name) => names.has(name))).toEqual([]);
  });

  it('planted bug: a list that lacks a package is seen', () => {
    expect(missingIn({ ...sbom, components: sbom.components.filter(({ name }) => name !== 'fastify') }, packages)).toEqual([expect.stringMatching(/^fastify@/)]);
  });
});
