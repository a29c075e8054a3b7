/** All figures there are, in the order in which they are shown. A new one is one entry in the list of its topic. */
import { advocacyFigures } from './advocacy-figures.js';
import { conversionFigures } from './conversion-figures.js';
import { dialogueFigures } from './dialogue-figures.js';
import { endingsFigures } from './endings-figures.js';
import type { Figure } from './figure.js';
import { flowFigures } from './flow-figures.js';
import { promiseFigures } from './promise-figures.js';
import { referralFigures } from './referral-figures.js';
import { responseFigures } from './response-figures.js';
import { retentionFigures } from './retention-figures.js';
import { ringFigures } from './ring-figures.js';
import { valueAtRiskFigures } from './value-at-risk.js';
import { voiceFigures } from './voice-figures.js';

export const FIGURES: readonly Figure[] = [...advocacyFigures, ...ringFigures, ...conversionFigures, ...retentionFigures, ...valueAtRiskFigures, ...referralFigures, ...voiceFigures, ...flowFigures, ...endingsFigures, ...responseFigures, ...dialogueFigures, ...promiseFigures];

const byName = new Map(FIGURES.map((figure) => [figure.name, figure]));

export const figureOf = (name: string): Figure | undefined => byName.get(name);
