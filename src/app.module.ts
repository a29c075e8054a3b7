/** The composition root: stores, vault, views and slices, wired once. */
import { mkdirSync } from 'node:fs';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import type { Config } from './config.js';
import { CalendarController } from './calendar/calendar.controller.js';
import { CalendarReader } from './calendar/calendar.reader.js';
import { AlignmentController, CampaignsController } from './alignment/alignment.controller.js';
import { AlignmentReader } from './alignment/alignment.reader.js';
import { AccessGuard } from './access/access.guard.js';
import { AuditController } from './access/audit.controller.js';
import { AuditWriter } from './access/audit.writer.js';
import { AccountsController, KeysController } from './access/accounts.controller.js';
import { AccountsReader } from './access/accounts.reader.js';
import { OwnSessionsController } from './access/own-sessions.controller.js';
import { OwnSessions } from './access/own-sessions.writer.js';
import { accountsView } from './access/accounts.view.js';
import { AccountsWriter } from './access/accounts.writer.js';
import { Guessing } from './access/guessing.js';
import { ErrandCookie } from './access/errand-cookie.writer.js';
import { Identities } from './access/identities.writer.js';
import { IdentitiesController, OidcController } from './access/oidc.controller.js';
import { OpenIdProvider } from './access/oidc.reader.js';
import { Passwords } from './access/passwords.writer.js';
import { OperatorToken, Principals } from './access/principals.reader.js';
import { endSessionsBy } from './access/revocations.writer.js';
import { LinksController, SessionController } from './access/session.controller.js';
import { Sessions } from './access/sessions.writer.js';
import { SignInWays } from './access/sign-in-ways.js';
import { Rights } from './access/rights.reader.js';
import { ErasuresController } from './privacy/erasures.controller.js';
import { erasuresView } from './privacy/erasures.view.js';
import { Erasures } from './privacy/erasures.writer.js';
import { PeopleController } from './privacy/people.controller.js';
import { PeopleReader } from './privacy/people.reader.js';
import { RequestsController } from './privacy/requests.controller.js';
import { RequestsReader } from './privacy/requests.reader.js';
import { requestsView } from './privacy/requests.view.js';
import { RequestsWriter } from './privacy/requests.writer.js';
import { SilenceReader, TermsInForce } from './privacy/silence.reader.js';
import { SweepController } from './privacy/sweep.controller.js';
import { Sweep } from './privacy/sweep.writer.js';
import { SettingsController } from './access/settings.controller.js';
import { SettingsInForce } from './access/settings-in-force.js';
import { ColleaguesController, KindsController } from './customers/colleagues.controller.js';
import { colleaguesView } from './customers/colleagues.view.js';
import { CustomersController, InteractionsController, SearchController } from './customers/customers.controller.js';
import { CustomersReader } from './customers/customers.reader.js';
import { CustomersWriter, Organisation } from './customers/customers.writer.js';
import { HandoversController } from './customers/handovers.controller.js';
import { handoversView } from './customers/handovers.view.js';
import { HandoversWriter } from './customers/handovers.writer.js';
import { ChangesMadeController } from './customers/changes-made.controller.js';
import { LogController } from './customers/log.controller.js';
import { ownEntriesView } from './customers/own-entries.view.js';
import { searchView } from './customers/search.view.js';
import { timelineView } from './customers/timeline.view.js';
import { CustomerExportController, ExportController } from './exchange/export.controller.js';
import { Histories } from './exchange/histories.reader.js';
import { ImportController } from './exchange/import.controller.js';
import { importReachView } from './exchange/import-reach.view.js';
import { ImportRuns } from './exchange/import-runs.writer.js';
import { ImportUndo } from './exchange/import-undo.writer.js';
import { Importer } from './exchange/importer.js';
import { openHomes, type Homes } from './homes.js';
import { StoreUnavailable, type EventStore } from './kernel/event-store.js';
import { atStake } from './figures/at-stake.js';
import { DashboardController } from './figures/dashboard.controller.js';
import { DaysReader } from './figures/days.reader.js';
import { totalsByDay } from './figures/days.view.js';
import { FiguresController, KeptFiguresController } from './figures/figures.controller.js';
import { FiguresReader } from './figures/figures.reader.js';
import { HelpedController } from './figures/helped.controller.js';
import { KeptReader } from './figures/kept.reader.js';
import { keptView } from './figures/kept.view.js';
import { OverviewController } from './figures/overview.controller.js';
import { OverviewReader } from './figures/overview.reader.js';
import { Questions } from './figures/questions.reader.js';
import { TrialsController } from './figures/trials.controller.js';
import { Trials } from './figures/trials.reader.js';
import { Walk } from './figures/walk.reader.js';
import { Days } from './kernel/days.js';
import type { View } from './kernel/view.js';
import { AttentionController } from './rings/attention.controller.js';
import { AttentionReader } from './rings/attention.reader.js';
import { Lines } from './rings/lines.reader.js';
import { PortfolioController } from './rings/portfolio.controller.js';
import { PortfolioReader } from './rings/portfolio.reader.js';
import { portfolioView } from './rings/portfolio.view.js';
import { CustomerPromisesController, PromisesController } from './promises/promises.controller.js';
import { AdvocacyController, CustomerAsksController } from './advocacy/advocacy.controller.js';
import { AdvocacyReader } from './advocacy/advocacy.reader.js';
import { advocacyRows } from './advocacy/advocacy.view.js';
import { ReferralsReader } from './advocacy/referrals.reader.js';
import { PromisesReader } from './promises/promises.reader.js';
import { promiseRows } from './promises/promises.view.js';
import { RingsController } from './rings/rings.controller.js';
import { Publications } from './rings/publications.js';
import { RulesController } from './rings/rules.controller.js';
import { RulesInForce } from './rings/rules-in-force.js';
import { RulesReader } from './rings/rules.reader.js';
import { RingsReader } from './rings/rings.reader.js';
import type { Rules } from './rings/rules.js';
import { standingAt } from './rings/standing.js';
import { SampleController } from './sample/sample.controller.js';
import { logFileOf } from './shell/backup.js';
import { ExecuteHandler } from './shell/execute.js';
import { Deployment } from './shell/deployment.js';
import { Executor } from './shell/executor.js';
import { Clocks } from './shell/clocks.js';
import { refuseIfApart, refuseIfDamaged } from './shell/data-files.js';
import { KeptHeads } from './shell/kept-heads.js';
import { Known } from './shell/known.js';
import { Live } from './shell/live.js';
import { LiveController } from './shell/live.controller.js';
import { Metrics, type Measured } from './shell/metrics.js';
import { shown } from './shell/moving.js';
import { Operations } from './shell/operations.js';
import { OperationsController } from './shell/operations.controller.js';
import { Projector } from './shell/projector.js';
import { ProofController } from './shell/proof.controller.js';
import { Rebuild } from './shell/rebuild.js';
import { RebuildController } from './shell/rebuild.controller.js';
import { Turns } from './shell/turns.js';
import { VerifyController } from './shell/verify.controller.js';
import { checkFiles, isRemote, openStore } from './stores/index.js';
import { Vault } from './vault/vault.js';
import { VERSION } from './version.js';
import { Views } from './views/views.js';

export const viewsFor = (rules: Rules, zone: string): View[] => [searchView, timelineView, colleaguesView, ownEntriesView, accountsView, handoversView, keptView, requestsView, erasuresView, importReachView, portfolioView(rules, totalsByDay(rules, zone), atStake, [promiseRows, advocacyRows(rules, new Days(zone))])];

/** The parts below Nest, opened in order and closed in reverse. */
export interface Parts {
  readonly store: EventStore;
  readonly vault: Vault;
  readonly guessing: Guessing;
  readonly turns: Turns;
  readonly rows: Views;
  readonly projector: Projector;
  readonly executor: Executor;
  readonly operations: Operations;
  readonly rebuild: Rebuild;
  readonly heads: KeptHeads;
  readonly inForce: RulesInForce;
  readonly publications: Publications;
  readonly settings: SettingsInForce;
  readonly live: Live;
  readonly audit: AuditWriter;
  readonly erasures: Erasures;
  close(): Promise<void>;
}

type Log = 'same' | 'moved' | 'other';

/** Whether the rows were made from this log: a restored or exchanged one has another event, or none, where they end; a moved one has it elsewhere. */
async function logOf(store: EventStore, rows: Views): Promise<Log> {
  const tail = rows.tail();
  if (tail === null) return rows.checkpoint() === null ? 'same' : 'other';
  const [event] = await store.read(tail.stream, tail.revision, 1);
  if (event?.id !== tail.id) return 'other';
  return event.position === rows.checkpoint() ? 'same' : 'moved';
}

/** The views' rows on this log: as they are, or empty where they were made from the log as it was elsewhere. @throws StoreUnavailable when they are of another log on a server. */
async function openRows(homes: Homes, isOnServer: boolean, store: EventStore, views: readonly View[]): Promise<Views> {
  const rows = await homes.rows(views, false);
  try {
    const log = await logOf(store, rows);
    if (log === 'same') return rows;
    const { stream, revision } = rows.tail() ?? { stream: 'none', revision: -1 };
    if (log === 'other' && isOnServer) {
      throw new StoreUnavailable(`The log that FIVE_RING_STORE names is not the one that ${homes.rowsNamed} was made from: it lacks the event in stream ${stream} at revision ${revision}. Either the address is wrong, or the log was set back to an earlier moment. If that is meant, ${homes.emptyRows}: it is made anew.`, 'failing');
    }
  } catch (error) {
    await rows.close();
    throw error;
  }
  await rows.close();
  return homes.rows(views, true);
}

/**
 * `onFailure` hears of every failure to read the log or write the views; it is tried again by itself.
 * @throws what stands in the way; nothing is left open then.
 */
export async function openParts(config: Config, onFailure?: (error: Error) => void): Promise<Parts> {
  /** What is open, in the order in which it is closed. */
  const opened: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    // What cannot be closed, such as a damaged file, must not keep the others open.
    let failure: Error | undefined;
    for (let one = opened.shift(); one !== undefined; one = opened.shift()) {
      try {
        await one();
      } catch (error) {
        failure ??= error as Error;
      }
    }
    if (failure !== undefined) throw failure;
  };
  try {
    mkdirSync(config.data, { recursive: true, mode: 0o700 });
    const log = logFileOf(config.store);
    if (log !== undefined) refuseIfDamaged(log, 'Restore the log from its backup (docs/operations.md); keep a copy of the damaged file.');
    const homes = await openHomes(config, () => inForce.rules, onFailure);
    opened.push(() => homes.close());
    const stored = await openStore(config.store);
    opened.unshift(() => stored.close());
    if (!config.store.startsWith('memory:')) refuseIfApart({ name: shown(config.store), isEmpty: (await stored.head()) === null, isHere: log !== undefined }, homes.keys);
    const vault = await homes.vault();
    opened.splice(1, 0, () => vault.close());
    const store = homes.read(stored);
    const inForce = await RulesInForce.open(store, config.rules);
    const views = viewsFor(inForce.rules, config.zone);
    const rows = await openRows(homes, isRemote(config.store), store, views);
    // The store waits for appends, whose events the rows need no more.
    opened.splice(1, 0, () => rows.close());
    const settings = await SettingsInForce.open(store, onFailure);
    opened.unshift(() => settings.stop());
    const audit = await AuditWriter.open(homes.audit, { days: () => settings.settings.auditDays });
    opened.splice(-1, 0, () => audit.close());
    const live = new Live(store, rows.checkpoint());
    const projector = new Projector(store, views, rows, vault.keyOf, { ...(onFailure !== undefined && { onFailure }), onEvents: (events) => {
      executor.heard(events);
      publications.heard(events);
      void endSessionsBy(events, vault.secrets);
      live.heard(events);
      settings.heard(events);
      erasures.heard(events);
    } });
    opened.unshift(() => projector.stop());
    const rebuild = new Rebuild(store, vault.keyOf, rows, projector, onFailure);
    await rebuild.start();
    const publications = new Publications(inForce, rebuild, (rules) => viewsFor(rules, config.zone), onFailure);
    opened.unshift(() => publications.stop());
    const executor = new Executor(store, vault);
    const heads = new KeptHeads(stored, config.data, { folder: config.heads, everyMs: config.headsEveryMinutes * 60_000, ...(onFailure !== undefined && { onFailure }) });
    const operations = new Operations(store, rows, projector, vault, () => checkFiles(config.store), () => heads.lines(), () => [...heads.notes(), ...audit.notes()]);
    const erasures = new Erasures({ store, vault, executor, projector, rows, rebuild, list: await homes.list(), backupDays: () => settings.settings.keyBackupDays, ...(onFailure !== undefined && { onFailure }) });
    opened.unshift(() => erasures.stop());
    // Before anybody is served, and before the views read on: what was erased is erased, whatever was restored.
    await erasures.redo();
    await projector.start();
    erasures.start();
    heads.start();
    opened.unshift(() => heads.stop());
    return { store, vault, guessing: homes.guessing, turns: homes.turns, rows, projector, executor, operations, rebuild, heads, inForce, publications, settings, live, audit, erasures, close };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

const auditGauges = (audit: AuditWriter): Measured[] => [
  { name: 'five_ring_audit_failing', help: 'Whether the audit could not be written the last time (1) or could (0).', read: () => Number(audit.state.failing) },
  { name: 'five_ring_audit_waiting_records', help: 'Records of the audit that wait to be written.', read: () => audit.state.waiting },
  { name: 'five_ring_audit_lost_records', help: 'Records of the audit lost since the start, because too many waited.', read: () => audit.state.lost },
];

@Module({})
export class AppModule {
  static with(config: Config, parts: Parts, operator: OperatorToken): DynamicModule {
    const known = new Known(parts.store, parts.rows);
    const walk = new Walk(parts.store, parts.rows, known);
    const value = (provide: unknown, useValue: unknown): Provider => ({ provide: provide as string, useValue });
    return {
      module: AppModule,
      imports: [CqrsModule.forRoot()],
      controllers: [LiveController, CustomersController, InteractionsController, SearchController, ColleaguesController, KindsController, LogController, ChangesMadeController, HandoversController, RingsController, PortfolioController, OverviewController, AttentionController, CustomerPromisesController, PromisesController, CustomerAsksController, AdvocacyController, RulesController, TrialsController, DashboardController, FiguresController, KeptFiguresController, ImportController, ExportController, CustomerExportController, OperationsController, VerifyController, RebuildController, SessionController, OwnSessionsController, LinksController, AccountsController, KeysController, OidcController, IdentitiesController, ProofController, PeopleController, RequestsController, SweepController, SettingsController, AuditController, ErasuresController, SampleController, AlignmentController, CampaignsController, HelpedController, CalendarController],
      providers: [
        value(Vault, parts.vault),
        value(Views, parts.rows),
        value(Projector, parts.projector),
        value(Executor, parts.executor),
        value(Operations, parts.operations),
        value(Rebuild, parts.rebuild),
        value(KeptHeads, parts.heads),
        value(Deployment, new Deployment({ version: VERSION, node: process.versions.node, startedAt: new Date().toISOString(), store: shown(config.store), zone: config.zone }, config.data)),
        value(Metrics, new Metrics(parts.operations, auditGauges(parts.audit))),
        value(Organisation, new Organisation(config.zone, Date.now, () => ({ asks: parts.settings.settings.asksPerPerson, days: parts.settings.settings.askDays }))),
        value(RulesInForce, parts.inForce),
        value(Publications, parts.publications),
        value(SettingsInForce, parts.settings),
        value(Live, parts.live),
        value(AuditWriter, parts.audit),
        RulesReader,
        value('EventStore', parts.store),
        ExecuteHandler,
        CustomersWriter,
        CustomersReader,
        HandoversWriter,
        RingsReader,
        OverviewReader,
        Lines,
        PortfolioReader,
        AttentionReader,
        PromisesReader,
        AdvocacyReader,
        ReferralsReader,
        value(Known, known),
        value(Clocks, new Clocks(known, config.zone)),
        value(Walk, walk),
        DaysReader,
        value(Trials, new Trials(parts.store, walk, parts.rows, known, parts.inForce, config.zone)),
        FiguresReader,
        AlignmentReader,
        CalendarReader,
        KeptReader,
        Questions,
        Importer,
        ImportRuns,
        ImportUndo,
        Histories,
        value(OperatorToken, operator),
        Principals,
        Rights,
        PeopleReader,
        value(Erasures, parts.erasures),
        RequestsReader,
        RequestsWriter,
        SilenceReader,
        Sweep,
        value(TermsInForce, { has: (state) => standingAt(state.interactions.values(), parts.inForce.rules, parts.inForce.now()).lit.includes(2) } satisfies TermsInForce),
        Sessions,
        Passwords,
        value(Guessing, parts.guessing),
        value(Turns, parts.turns),
        value(SignInWays, new SignInWays(config.oidc === null ? null : { label: config.oidc.name, start: '/api/v1/oidc/start', claim: config.oidc.claim })),
        value(OpenIdProvider, new OpenIdProvider(config.oidc)),
        ErrandCookie,
        Identities,
        AccountsReader,
        OwnSessions,
        AccountsWriter,
        { provide: APP_GUARD, useClass: AccessGuard },
      ],
    };
  }
}
