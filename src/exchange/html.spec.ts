/** HTML bodies as text: what a reader would have seen, whatever is in it. */
import fc from 'fast-check';
import { textOfHtml } from './html.js';

it.each([
  ['<p>One</p><p>Two</p>', 'One\nTwo'],
  ['One<br>Two<br/>Three', 'One\nTwo\nThree'],
  ['<ul><li>a</li><li></li><li>b &amp; c</li></ul>', '- a\n- b & c'],
  ['<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a b\nc'],
  ['<style>p{}</style><script>alert(1)</script><title>t</title><p hidden>seen</p>', 'seen'],
  ['&lt;script&gt; stays text', '<script> stays text'],
  ['Ines <ines@morel.example> wrote: a < b', 'Ines <ines@morel.example> wrote: a < b'],
  ['<b>never closed', 'never closed'],
  ['<p>a</p', 'a'],
  ['zero\u200Bwidth&nbsp;and\u00A0hard <i>spaces</i>', 'zerowidth and hard spaces'],
  ['', ''],
])('%s', (html, text) => expect(textOfHtml(html)).toBe(text));

it('goes through deep and long HTML in one pass', () => {
  expect(textOfHtml('<div>'.repeat(200_000) + 'x')).toBe('x');
  expect(textOfHtml('<'.repeat(200_000) + '<b>x')).toContain('x');
  expect(textOfHtml('&'.repeat(200_000) + '<b>x')).toContain('x');
  expect(textOfHtml('<p a='.repeat(200_000) + '>x</p>')).toContain('x');
});

it('leaves no tag of any HTML behind', () => {
  const piece = fc.oneof(fc.constantFrom('<p>', '</p>', '<script>', '</script>', '<b class="x">', '<!-- c -->', '<', '>', '&amp;', 'text', '\n'), fc.string({ maxLength: 4 }));
  fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => expect(textOfHtml(`<p>${pieces.join('')}`)).not.toMatch(/<(p|b|script)>/)), { numRuns: 300 });
});
