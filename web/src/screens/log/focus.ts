/** The focus goes on to the next field of the form, also to one that the choice just made brings in. */
const FIELDS = 'input:not([disabled], [type=hidden], [tabindex="-1"]), textarea:not([disabled])';

export function focusNext(from: HTMLElement | null): void {
  const form = from?.closest('form');
  if (from == null || form == null) return;
  // A button that the choice takes out of the page: what stood before it.
  const before = from.matches(FIELDS) ? from : [...form.querySelectorAll<HTMLElement>(FIELDS)].findLast((field) => (from.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_PRECEDING) !== 0);
  setTimeout(() => {
    const fields = [...form.querySelectorAll<HTMLElement>(FIELDS)].filter((field) => field.closest('[hidden], [aria-hidden=true], [data-pass]') === null);
    const next = fields.find((field) => ((before?.compareDocumentPosition(field) ?? Node.DOCUMENT_POSITION_FOLLOWING) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0 && !(from instanceof HTMLInputElement && from.type === 'radio' && field instanceof HTMLInputElement && field.name === from.name));
    next?.focus();
  });
}
