/** Text of HTML as CRM systems keep the bodies of notes and mails: what a reader sees, without what makes it look so. Pure. */
import { Tokenizer } from 'htmlparser2';

/** Elements whose text nobody sees. */
const UNSEEN = new Set(['script', 'style', 'head', 'title', 'template', 'noscript', 'svg']);
/** Elements that stand on lines of their own. */
const BLOCKS = new Set(['p', 'div', 'br', 'hr', 'li', 'ul', 'ol', 'tr', 'table', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'pre', 'section', 'article', 'header', 'footer', 'address', 'dl', 'dt', 'dd', 'form', 'figure']);

/** A tag that is one: mail addresses in brackets and "a < b" are none. */
const TAG = /<(?:!--|\/?[a-z][a-z0-9]*[\s/>])/i;

/**
 * Text of HTML: entities resolved, paragraphs and list items on lines of their own, an empty line between none. Text without
 * tags comes back as it is, but for its entities and runs of space. No element is looked up, fetched or kept.
 */
export function textOfHtml(html: string): string {
  if (html.includes('<') && !TAG.test(html)) return html.trim();
  let text = '';
  let unseen = 0;
  const opened = (name: string): void => {
    if (UNSEEN.has(name)) unseen += 1;
    else if (BLOCKS.has(name)) text += name === 'li' ? '\n- ' : '\n';
    else if (name === 'td' || name === 'th') text += ' ';
  };
  const closed = (name: string): void => {
    if (UNSEEN.has(name)) unseen = Math.max(0, unseen - 1);
    else if (BLOCKS.has(name)) text += '\n';
  };
  const seen = (piece: string): void => {
    if (unseen === 0) text += piece;
  };
  let name = '';
  const nothing = (): void => undefined;
  // Signs alone, without the tree above them: a body of a million tags takes no longer than one of as many letters.
  const tokenizer = new Tokenizer({ decodeEntities: true }, {
    ontext: (start, end) => seen(html.slice(start, end)),
    ontextentity: (codepoint) => seen(String.fromCodePoint(codepoint)),
    onopentagname: (start, end) => opened((name = html.slice(start, end).toLowerCase())),
    onopentagend: nothing,
    onselfclosingtag: () => closed(name),
    onclosetag: (start, end) => closed(html.slice(start, end).trim().toLowerCase()),
    onattribdata: nothing,
    onattribentity: nothing,
    onattribend: nothing,
    onattribname: nothing,
    oncdata: nothing,
    oncomment: nothing,
    ondeclaration: nothing,
    onprocessinginstruction: nothing,
    onend: nothing,
  });
  tokenizer.write(html);
  tokenizer.end();
  // Spaces that do not break, and those of no width that editors put between.
  return text.replace(/[\u200B\u2060\uFEFF]/g, '').replace(/[^\S\n]+/g, ' ').split('\n').map((line) => line.trim()).filter((line) => line !== '' && line !== '-').join('\n');
}
