/** Long work is done in slices, so that whoever else the process serves gets a turn in between. */
import { setImmediate as nextTurn } from 'node:timers/promises';

const SLICE_MS = 4;

/** When the slice of now began, whoever's it is: the turn belongs to the whole process. */
let begun = 0;

/** To be called often during long work: lets others have their turn when the slice has been long enough. */
export async function turn(): Promise<void> {
  if (performance.now() - begun < SLICE_MS) return;
  await nextTurn();
  begun = performance.now();
}

/** Work that yields where another may have a turn; `between` decides, and is waited for. */
export async function inTurns<T>(work: Generator<undefined, T>, between?: () => Promise<void>): Promise<T> {
  for (let step = work.next(); ; step = work.next()) {
    if (step.done === true) return step.value;
    await between?.();
  }
}
