/** Who may ask what, in words, beside the table of the sources and not made from it. */
import { ACCOUNT_ROLES, SCOPES, type AccountRole, type Scope } from '../../src/access/roles.js';

/**
 * may · may not · anyone (without signing in) ·
 * theirs: of a customer that they own, have them in its team, or that nobody owns · owned: that they own ·
 * own entry: one they logged. `no key`: for whoever signs in themselves, whatever a key is for.
 * A route that is not here fails the tests: say here in words who may ask it.
 */
export const TABLE = `
route                                                            key for     service     account manager  leader    administrator

GET    /                                                         -           anyone      anyone           anyone    anyone
GET    /*                                                        -           anyone      anyone           anyone    anyone
GET    /health/live                                              -           anyone      anyone           anyone    anyone
GET    /health/ready                                             -           anyone      anyone           anyone    anyone
GET    /api/docs                                                 -           anyone      anyone           anyone    anyone
GET    /api/openapi.json                                         -           anyone      anyone           anyone    anyone
GET    /api/openapi.yaml                                         -           anyone      anyone           anyone    anyone
GET    /api/v1/session                                           -           anyone      anyone           anyone    anyone
POST   /api/v1/session                                           -           anyone      anyone           anyone    anyone
DELETE /api/v1/session                                           -           anyone      anyone           anyone    anyone
POST   /api/v1/links                                             -           anyone      anyone           anyone    anyone
POST   /api/v1/links/use                                         -           anyone      anyone           anyone    anyone
GET    /api/v1/oidc/start                                        -           anyone      anyone           anyone    anyone
GET    /api/v1/oidc/callback                                     -           anyone      anyone           anyone    anyone

PUT    /api/v1/session/password                                  no key      may         may              may       may
GET    /api/v1/sessions                                          no key      may         may              may       may
DELETE /api/v1/sessions                                          no key      may         may              may       may
DELETE /api/v1/sessions/:session                                 no key      may         may              may       may
GET    /api/v1/keys                                              no key      may         may              may       may
POST   /api/v1/keys                                              no key      may         may              may       may
DELETE /api/v1/keys/:key                                         no key      may         may              may       may
GET    /api/v1/accounts                                          administer  may not     may not          may not   may
POST   /api/v1/accounts                                          no key      may not     may not          may not   may
PATCH  /api/v1/accounts/:id                                      no key      may not     may not          may not   may
PUT    /api/v1/accounts/:id/identity                             no key      may not     may not          may not   may
DELETE /api/v1/accounts/:id/identity                             administer  may not     may not          may not   may
POST   /api/v1/accounts/:id/link                                 no key      may not     may not          may not   may
GET    /api/v1/accounts/:id/keys                                 no key      may not     may not          may not   may
DELETE /api/v1/accounts/:id/keys/:key                            no key      may not     may not          may not   may
GET    /api/v1/audit                                             administer  may not     may not          may not   may

GET    /api/v1/live                                              read        may         may              may       may
GET    /metrics                                                  operate     may not     may not          may not   may
GET    /api/v1/verify                                            operate     may not     may not          may not   may
GET    /api/v1/proof                                             operate     may not     may not          may not   may
GET    /api/v1/status                                            operate     may not     may not          may not   may
POST   /api/v1/parked/retry                                      operate     may not     may not          may not   may
POST   /api/v1/rebuild                                           operate     may not     may not          may not   may
POST   /api/v1/sample                                            import      may not     may not          may not   may
GET    /api/v1/log                                               privacy     may not     may not          may not   may
GET    /api/v1/export/log                                        privacy     may not     may not          may not   may
GET    /api/v1/export/interactions                               read        may not     may not          may       may
GET    /api/v1/export/journeys                                   read        may not     may not          may       may
GET    /api/v1/export/xes                                        read        may not     may not          may       may
GET    /api/v1/customers/:id/export                              read        may not     theirs           may       may
POST   /api/v1/imports                                           import      may not     may not          may not   may
GET    /api/v1/imports                                           import      may not     may not          may not   may
GET    /api/v1/imports/layouts                                   import      may not     may not          may not   may
POST   /api/v1/imports/recognise                                 import      may not     may not          may not   may
POST   /api/v1/imports/:id/undo                                  import      may not     may not          may not   may
GET    /api/v1/settings                                          administer  may not     may not          may not   may
PATCH  /api/v1/settings                                          administer  may not     may not          may not   may

POST   /api/v1/customers                                         log         may         may              may not   may
GET    /api/v1/customers                                         read        may         may              may       may
GET    /api/v1/customers/:id                                     read        may         may              may       may
PATCH  /api/v1/customers/:id                                     log         may not     theirs           may not   may
GET    /api/v1/customers/:id/people                              read        may         may              may       may
POST   /api/v1/customers/:id/people                              log         may         theirs           may not   may
GET    /api/v1/customers/:id/interactions                        read        may         may              may       may
POST   /api/v1/customers/:id/interactions                        log         may         theirs           may not   may
GET    /api/v1/customers/:id/interactions/:interaction           read        may         may              may       may
PUT    /api/v1/customers/:id/interactions/:interaction           log         own entry   theirs           may not   may
POST   /api/v1/customers/:id/interactions/:interaction/retract   log         own entry   theirs           may not   may
POST   /api/v1/customers/:id/interactions/:interaction/move      log         own entry   theirs           may not   may
POST   /api/v1/customers/:id/snooze                              log         may not     theirs           may not   may
DELETE /api/v1/customers/:id/snooze                              log         may not     theirs           may not   may
GET    /api/v1/customers/:id/people/:person/consents             read        may         may              may       may
GET    /api/v1/customers/:id/people/:person/export               privacy     may not     may not          may not   may
GET    /api/v1/requests                                          privacy     may not     may not          may not   may
POST   /api/v1/requests                                          privacy     may not     may not          may not   may
PATCH  /api/v1/requests/:id                                      privacy     may not     may not          may not   may
POST   /api/v1/customers/:id/erase                               privacy     may not     may not          may not   may
POST   /api/v1/customers/:id/people/:person/erase                privacy     may not     may not          may not   may
POST   /api/v1/customers/:id/interactions/:interaction/erase-text  privacy   may not     may not          may not   may
POST   /api/v1/colleagues/:id/erase                              privacy     may not     may not          may not   may
GET    /api/v1/erasures                                          privacy     may not     may not          may not   may
GET    /api/v1/erasures/due                                      privacy     may not     may not          may not   may
POST   /api/v1/erasures/sweep                                    privacy     may not     may not          may not   may
GET    /api/v1/customers/:id/journey                             read        may         may              may       may
GET    /api/v1/customers/:id/timeline                            read        may         may              may       may
GET    /api/v1/customers/:id/overview                            read        may         may              may       may
GET    /api/v1/portfolio                                         read        may         may              may       may
GET    /api/v1/contracts-ahead                                   read        may         may              may       may
GET    /api/v1/calendar.ics                                      calendar    may         may              may       may
GET    /api/v1/attention                                         read        may         may              may       may
GET    /api/v1/issues                                            read        may         may              may       may
GET    /api/v1/steps                                             read        may         may              may       may
GET    /api/v1/interactions                                      read        may         may              may       may
GET    /api/v1/search                                            read        may         may              may       may

GET    /api/v1/promises                                          read        may         may              may       may
GET    /api/v1/customers/:id/promises                            read        may         may              may       may
POST   /api/v1/customers/:id/promises                            log         may         theirs           may not   may
POST   /api/v1/customers/:id/promises/:interaction/produced      log         may         theirs           may not   may
POST   /api/v1/customers/:id/promises/:interaction/delivered     log         may         theirs           may not   may
POST   /api/v1/customers/:id/promises/:interaction/confirmed     log         may         theirs           may not   may
POST   /api/v1/customers/:id/promises/:interaction/withdraw      log         own entry   theirs           may not   may

GET    /api/v1/asks                                              read        may         may              may       may
GET    /api/v1/customers/:id/asks                                read        may         may              may       may
POST   /api/v1/customers/:id/asks                                log         may         theirs           may not   may
POST   /api/v1/customers/:id/asks/:interaction/accepted          log         may         theirs           may not   may
POST   /api/v1/customers/:id/asks/:interaction/declined          log         may         theirs           may not   may
POST   /api/v1/customers/:id/asks/:interaction/act               log         may         theirs           may not   may
POST   /api/v1/customers/:id/asks/:interaction/withdraw          log         own entry   theirs           may not   may
GET    /api/v1/whom-to-ask                                       read        may         may              may       may
GET    /api/v1/advocates                                         read        may         may              may       may
GET    /api/v1/referrals                                         read        may         may              may       may

GET    /api/v1/handovers                                         read        may         may              may       may
POST   /api/v1/handovers                                         log         may not     theirs           may not   may
POST   /api/v1/handovers/acknowledge                             log         owned       owned            owned     owned

GET    /api/v1/kinds                                             read        may         may              may       may
GET    /api/v1/colleagues                                        read        may         may              may       may
POST   /api/v1/colleagues                                        administer  may not     may not          may not   may
PATCH  /api/v1/colleagues/:id                                    administer  may not     may not          may not   may
POST   /api/v1/log                                               log         may         may              may       may

GET    /api/v1/rules                                             read        may         may              may       may
GET    /api/v1/rules/history                                     read        may         may              may       may
GET    /api/v1/rules/compare                                     read        may         may              may       may
POST   /api/v1/rules/check                                       figures     may not     may not          may       may
POST   /api/v1/rules                                             administer  may not     may not          may not   may
POST   /api/v1/rules/rehearsals                                  figures     may not     may not          may       may
GET    /api/v1/rules/back-test                                   figures     may not     may              may       may
GET    /api/v1/dashboard                                         figures     may not     may              may       may
GET    /api/v1/changes-made                                      figures     may not     may              may       may
GET    /api/v1/figures                                           figures     may not     may              may       may
GET    /api/v1/figures/:name                                     figures     may not     may              may       may
GET    /api/v1/figures/:name/series                              figures     may not     may              may       may
GET    /api/v1/figures/:name/evidence                            figures     may not     may              may       may
GET    /api/v1/kept-figures                                      figures     may not     may              may       may
POST   /api/v1/kept-figures                                      figures     may not     may              may       may
GET    /api/v1/kept-figures/:id                                  figures     may not     may              may       may

GET    /api/v1/alignment                                         figures     may not     may              may       may
GET    /api/v1/alignment/:detector/evidence                      figures     may not     may              may       may
GET    /api/v1/checks                                            figures     may not     may              may       may
GET    /api/v1/checks/:check/evidence                            figures     may not     may              may       may
GET    /api/v1/helped                                            figures     may not     may              may       may
GET    /api/v1/helped/decisions                                  figures     may not     may              may       may
GET    /api/v1/customers/:id/checks                              read        may         may              may       may
GET    /api/v1/campaigns                                         read        may         may              may       may
GET    /api/v1/enablements                                       figures     may not     may not          may       may
GET    /api/v1/tags                                              read        may         may              may       may
`;

export const VERDICTS = ['may', 'may not', 'anyone', 'theirs', 'owned', 'own entry'] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface Line {
  readonly route: string;
  readonly scope: string;
  readonly verdicts: Readonly<Record<AccountRole, Verdict>>;
}

export const NO_KEY = 'no key';

function linesOf(table: string): Line[] {
  return table.trim().split('\n').slice(1).filter((line) => line.trim() !== '').map((line) => {
    const [method, path, scope, ...verdicts] = line.trim().replace(/^(\w+) +/, '$1  ').split(/ {2,}/) as [string, string, string, ...Verdict[]];
    if (verdicts.length !== ACCOUNT_ROLES.length || !verdicts.every((verdict) => VERDICTS.includes(verdict))) throw new Error(`not a line of the table: ${line}`);
    if (scope !== '-' && scope !== NO_KEY && !SCOPES.includes(scope as Scope)) throw new Error(`no such scope: ${line}`);
    return { route: `${method} ${path}`, scope, verdicts: Object.fromEntries(ACCOUNT_ROLES.map((role, index) => [role, verdicts[index]])) as Line['verdicts'] };
  });
}

/** The table, line by line. */
export const LINES = linesOf(TABLE);
