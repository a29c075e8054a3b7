/** Whether a principal may do what a row allows: what depends on whose a customer is and who logged an entry is read from the log. */
import { Injectable } from '@nestjs/common';
import { customer, customerStream, fallingWith, ownerOf, type CustomerState } from '../customers/customer.js';
import { sourceKey } from '../customers/customer.state.js';
import { customerIdOf } from '../customers/customers.writer.js';
import { Refusal, invalid } from '../kernel/refusal.js';
import { MOST_CUSTOMERS } from '../customers/handover.js';
import { Executor } from '../shell/executor.js';
import { commandIdOf } from '../shell/ids.js';
import { entriesOf, fieldOf, idsIn, trimmed } from './named.js';
import type { Principal } from './roles.js';
import { CHANGE_CUSTOMER, CORRECT_ENTRY, ROUTES, type Cell, type Row } from './route-table.js';

/** A request as far as rights are concerned. */
export interface Request {
  readonly params: { readonly id?: string; readonly interaction?: string };
  /** Not checked yet: anything. */
  readonly body: unknown;
  /** The command that a request with an Idempotency-Key is; undefined without one. */
  readonly command?: { readonly commandId: string; readonly mac: string };
}

/** Who owns a customer decides who may change it: an entry that says so is a change of the customer. */
const GIVES_RIGHTS = 'owner-changed';

@Injectable()
export class Rights {
  constructor(private readonly executor: Executor) {}

  /** @throws Refusal `forbidden` when the row does not allow it. */
  async authorise(principal: Principal, row: Row, request: Request): Promise<void> {
    const cell = row.cells[principal.role];
    await this.check(cell, principal, row, request);
    if (cell === 'yes' && changing(principal) === 'yes') return;
    await this.checkOwning(principal, row, request);
    if (row.entriesIn === 'entries' && ROUTES[CORRECT_ENTRY]!.cells[principal.role] === 'author') await this.checkSources(principal, request);
    if (row.mayUpdate === true) await this.checkUpdate(principal, row, request);
  }

  private async check(cell: Cell, principal: Principal, row: Row, request: Request): Promise<void> {
    const { params: { id, interaction }, body } = request;
    switch (cell) {
      case 'yes':
        return;
      case 'no':
        throw noRight(principal, row);
      case 'own': {
        const also = idsIn(body, row.alsoIn);
        if (also.length > MOST_CUSTOMERS) throw invalid([{ field: row.alsoIn!, code: 'too-many', message: `must have at most ${MOST_CUSTOMERS} items` }]);
        // Read together, some at a time: there may be a thousand.
        for (let at = 0; at < also.length; at += 50) await Promise.all(also.slice(at, at + 50).map((one) => this.mustBeTheirs(one, principal, request, one === id ? undefined : one)));
        if (id !== undefined) await this.mustBeTheirs(id, principal, request);
        for (const owner of idsIn(body, row.ownerIn)) if (owner !== principal.colleague) throw notYours(null);
        return;
      }
      case 'author': {
        const state = await this.stateOf(id ?? '');
        const named = [interaction ?? '', ...(row.takesOut === true ? fallingWith(state, interaction ?? '') : [])];
        for (const one of named) {
          const entry = state.interactions.get(one);
          // What is not there is said by whoever looks for it.
          if (entry !== undefined && entry.actor !== principal.colleague) throw notYourEntry(one, one !== interaction);
        }
      }
    }
  }

  /** Entries that say who owns a customer: logged, changed or taken back by those alone who may change it. */
  private async checkOwning(principal: Principal, row: Row, request: Request): Promise<void> {
    const { params: { id, interaction }, body } = request;
    const says = entriesOf(body, row.entriesIn).some((entry) => fieldOf(entry, 'kind') === GIVES_RIGHTS);
    const changes = interaction !== undefined && row.scope === 'log' && (await this.stateOf(id ?? '')).interactions.get(interaction)?.kind === GIVES_RIGHTS;
    if (!says && !changes) return;
    if (changing(principal) === 'no') throw new Refusal('forbidden', 'no-right', `Who owns a customer is changed by an entry ${GIVES_RIGHTS}. ${whoMay(principal, ROUTES[CHANGE_CUSTOMER]!)}`, [], { role: principal.role });
    await this.check(changing(principal), principal, { ...ROUTES[CHANGE_CUSTOMER]!, ...(row.alsoIn !== undefined && { alsoIn: row.alsoIn }) }, request);
  }

  /** An entry sent again under the same source and id corrects the one that is there: whoever may correct only their own must have logged it. */
  private async checkSources({ colleague }: Principal, { params: { id }, body }: Request): Promise<void> {
    const sources = entriesOf(body, 'entries').map((entry) => [fieldOf(entry, 'source'), trimmed(fieldOf(entry, 'sourceId'))]);
    if (sources.every(([source, sourceId]) => source === undefined || sourceId === undefined)) return;
    const state = await this.stateOf(id ?? '');
    for (const [source, sourceId] of sources) {
      const known = typeof source === 'string' && typeof sourceId === 'string' ? state.bySource.get(sourceKey(source, sourceId)) : undefined;
      const entry = known === undefined ? undefined : state.interactions.get(known);
      if (entry !== undefined && entry.actor !== colleague) throw notYourEntry(entry.id, false);
    }
  }

  /** Registering a customer who is there already, by source and id, changes it. */
  private async checkUpdate(principal: Principal, row: Row, request: Request): Promise<void> {
    const source = trimmed(fieldOf(request.body, 'source'));
    const sourceId = trimmed(fieldOf(request.body, 'sourceId'));
    if (source === undefined || sourceId === undefined) return;
    const id = customerIdOf({ source, sourceId }, '');
    if (!(await this.stateOf(id)).registered || (await this.stands(id, request))) return;
    if (changing(principal) === 'no') throw new Refusal('forbidden', 'no-right', `This customer is registered already. ${whoMay(principal, ROUTES[CHANGE_CUSTOMER]!)}`, [], { customer: id });
    await this.check(changing(principal), principal, row, { ...request, params: { id } });
  }

  private async mustBeTheirs(id: string, { colleague }: Principal, request: Request, part?: string): Promise<void> {
    if ((await this.isTheirs(id, colleague)) || (await this.stands(id, request, part))) return;
    throw notYours(id, ownerOf(await this.stateOf(id)));
  }

  /** Owned by them, with them in its team, or nobody's. Also true of what is not there: the answer is then that it is not. */
  private async isTheirs(id: string, colleague: string | null): Promise<boolean> {
    const state = await this.stateOf(id);
    const owner = ownerOf(state);
    return owner === null || owner === colleague || (colleague !== null && state.team.includes(colleague));
  }

  /** Whether the request was carried out at this customer before, by the same colleague: a repeat has its first answer, though it gave the customer away. */
  private async stands(id: string, { command }: Request, part?: string): Promise<boolean> {
    if (command === undefined) return false;
    const { commandId, mac } = command;
    const known = (await this.executor.load(customer, customerStream(id))).commands.get(part === undefined ? commandId : commandIdOf(commandId, part));
    return known !== undefined && known.mac === mac;
  }

  private async stateOf(id: string): Promise<CustomerState> {
    return (await this.executor.load(customer, customerStream(id))).state;
  }
}

/** What the principal may do with the details of a customer. */
const changing = ({ role }: Principal): Cell => ROUTES[CHANGE_CUSTOMER]!.cells[role];

/** Who may, in words: the refusal helps by it. */
function whoMay({ role }: Principal, { cells }: Row): string {
  const says = { yes: '', own: ' (of a customer that is theirs)', author: ' (who logged the entry)', no: '' };
  const others = (Object.keys(cells) as (keyof typeof cells)[]).filter((one) => one !== role && cells[one] !== 'no').map((one) => `${one}${says[cells[one]]}`);
  return `Your role, ${role}, may not do this; these may: ${others.join(', ')}.`;
}

const noRight = (principal: Principal, row: Row): Refusal => new Refusal('forbidden', 'no-right', whoMay(principal, row), [], { role: principal.role });

const notYours = (id: string | null, owner: string | null = null): Refusal =>
  id === null
    ? new Refusal('forbidden', 'not-your-customer', 'These are another colleague’s customers; that colleague or an administrator may do this.')
    : new Refusal('forbidden', 'not-your-customer', `This customer is another colleague’s; its owner (${owner}), its team or an administrator may do this.`, [], { customer: id });

const notYourEntry = (id: string, falls: boolean): Refusal =>
  new Refusal('forbidden', 'not-your-entry', `${falls ? 'An entry that would be taken out with it was logged by another colleague' : 'Another colleague logged this entry'}; they, the customer’s owner or an administrator may change it.`, [], { interaction: id });
