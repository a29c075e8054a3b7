/** `import layouts`: the ready mappings. Without a server: they come along. */
import { layoutNamed, LAYOUTS } from '../exchange/layouts.js';
import { LAYOUT_NAMES } from '../exchange/fit.js';
import { notFound, type Answer } from './failure.js';
import { table } from './screen.js';

export function listLayouts(name?: string): Answer {
  if (name === undefined) {
    const text = [table(['layout', 'rows', 'of'], LAYOUTS.map((layout) => [layout.name, `${layout.product} ${layout.what}`, layout.reads])), '', 'five-ring import FILE --layout NAME --dry-run says what would come of a file; auto takes the one whose columns it has.', 'five-ring import layouts NAME shows its mapping, to be saved and changed.'].join('\n');
    return { data: { items: LAYOUTS }, text };
  }
  const layout = layoutNamed(name);
  if (layout === undefined) throw notFound('unknown-layout', `There is no layout ${name}; there are ${LAYOUT_NAMES.join(', ')}.`);
  return { data: layout, text: JSON.stringify(layout.mapping, null, 2) };
}
