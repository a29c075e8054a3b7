/** A colleague: one of us, in a stream of its own. */
import type { Aggregate, Decided } from '../kernel/aggregate.js';
import { Refusal, invalid } from '../kernel/refusal.js';
import type { ErasedThen } from './customer.state.js';

export interface ColleagueDetails {
  readonly name: string;
  /** Keyed hash of the name, to see whether it changed. */
  readonly nameMac: string;
  readonly department: string;
}

export type ColleagueEvent =
  | Decided<'ColleagueAdded', ColleagueDetails>
  | Decided<'ColleagueChanged', Partial<ColleagueDetails> & { readonly active?: boolean }>
  /** The key of the name is destroyed already. */
  | Decided<'ColleagueErased', ErasedThen>;

export type ColleagueCommand =
  | { readonly type: 'AddColleague'; readonly details: ColleagueDetails }
  | { readonly type: 'ChangeColleague'; readonly details: Partial<ColleagueDetails> & { readonly active?: boolean } }
  | { readonly type: 'EraseColleague'; readonly erased: ErasedThen };

export interface ColleagueState {
  readonly id: string;
  readonly added: boolean;
  readonly active: boolean;
  readonly department: string;
  readonly nameMac: string;
  /** When the name was erased, epoch ms; null: it was not. */
  readonly erasedAt: number | null;
}

function decide(command: ColleagueCommand, state: ColleagueState): ColleagueEvent[] {
  switch (command.type) {
    case 'AddColleague':
      if (state.added) throw new Refusal('conflict', 'already-there', 'A colleague with this id is already there.', [{ field: 'id', code: 'already-there', message: 'is taken' }]);
      return [{ type: 'ColleagueAdded', data: command.details }];
    case 'ChangeColleague': {
      if (!state.added) throw new Refusal('missing', 'unknown-colleague', 'No such colleague.');
      if (state.erasedAt !== null) throw new Refusal('conflict', 'colleague-erased', 'This colleague was erased: nothing more is recorded about them.');
      const { name, nameMac, department, active } = command.details;
      if (name === undefined && department === undefined && active === undefined) throw invalid([{ field: 'name', code: 'missing', message: 'one of name, department, active must be given' }]);
      const changed = {
        ...(name !== undefined && nameMac !== undefined && nameMac !== state.nameMac && { name, nameMac }),
        ...(department !== undefined && department !== state.department && { department }),
        ...(active !== undefined && active !== state.active && { active }),
      };
      return Object.keys(changed).length === 0 ? [] : [{ type: 'ColleagueChanged', data: changed }];
    }
    case 'EraseColleague':
      return state.erasedAt !== null ? [] : [{ type: 'ColleagueErased', data: command.erased }];
  }
}

export const colleague: Aggregate<ColleagueCommand, ColleagueEvent, ColleagueState> = {
  name: 'colleague',
  initial: (stream) => ({ id: stream.slice('colleague-'.length), added: false, active: false, department: '', nameMac: '', erasedAt: null }),
  decide,
  evolve(state, event) {
    switch (event.type) {
      case 'ColleagueAdded':
        return { ...state, added: true, active: true, department: (event.data as ColleagueDetails).department, nameMac: (event.data as ColleagueDetails).nameMac };
      case 'ColleagueChanged': {
        const { department, active, nameMac } = event.data as Partial<ColleagueState>;
        return { ...state, ...(department !== undefined && { department }), ...(active !== undefined && { active }), ...(nameMac !== undefined && { nameMac }) };
      }
      case 'ColleagueErased':
        return { ...state, active: false, erasedAt: state.erasedAt ?? (event.data as ErasedThen).at };
    }
  },
  personal: (event, state) => (event.type === 'ColleagueErased' ? [{ path: ['reason'], subjects: ['organisation'] }] : [{ path: ['name'], subjects: [`colleague:${state.id}`] }]),
};

export const colleagueStream = (id: string): string => `colleague-${id}`;
