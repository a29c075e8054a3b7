/** Guessing as one process counts it. */
import { MemoryGuessing, type Guessing } from '../../src/access/guessing.js';
import { guessingContract } from './guessing.contract.js';

let guessing: Guessing;
beforeEach(() => {
  guessing = new MemoryGuessing();
});

guessingContract(() => [guessing, guessing]);
