/** A hundred texts that run a script, or break a page, where something does not take them as text. */

/** What the scripts among them call. */
export const RUNS = 'hostile';

const scripts = [
  '<script>hostile()</script>', '</title><script>hostile()</script>', '</textarea><script>hostile()</script>', '--><script>hostile()</script>', ']]><script>hostile()</script>', '<scr<script>ipt>hostile()</scr</script>ipt>', '<SCRIPT SRC=data:,hostile()></SCRIPT>', '<script\x20type="module">hostile()</script>', '"><script>hostile()</script>', "'><script>hostile()</script>",
  '<img src=x onerror=hostile()>', '<img src="x" onerror="hostile()" alt="', '"><img src=x onerror=hostile()>', '<IMG """><SCRIPT>hostile()</SCRIPT>">', '<img/src=`x`onerror=hostile()>', '<svg onload=hostile()>', '"><svg/onload=hostile()>', '<svg><animate onbegin=hostile() attributeName=x dur=1s>', '<svg><script>hostile()</script></svg>', '<math><mtext><img src=x onerror=hostile()></mtext></math>',
  '<iframe srcdoc="<script>parent.hostile()</script>">', '<iframe src="javascript:parent.hostile()">', '<object data="javascript:hostile()">', '<embed src="javascript:hostile()">', '<body onload=hostile()>', '<details open ontoggle=hostile()>', '<video><source onerror=hostile()></video>', '<input autofocus onfocus=hostile()>', '<select autofocus onfocus=hostile()>', '<marquee onstart=hostile()>x</marquee>',
  '<base href="https://elsewhere.invalid/">', '<meta http-equiv="refresh" content="0;url=https://elsewhere.invalid/">', '<link rel=stylesheet href=https://elsewhere.invalid/x.css>', '<style>*{display:none!important}</style>', '<form action="https://elsewhere.invalid/"><button>Send</button></form>', '<div style="position:fixed;inset:0;background:red">over all</div>', '" onmouseover="hostile()" x="', "' onfocus='hostile()' autofocus='", '` onclick=hostile() `', '<a href="javascript:hostile()">open</a>',
];
const links = ['javascript:hostile()', 'JaVaScRiPt:hostile()', 'java\tscript:hostile()', 'javascript://%0ahostile()', 'data:text/html,<script>opener.hostile()</script>', 'vbscript:hostile()', '//elsewhere.invalid/x', 'https://elsewhere.invalid/" onclick="hostile()', '[a](javascript:hostile())', '![a](x" onerror="hostile())'];
const templates = ['{{constructor.constructor("hostile()")()}}', '${hostile()}', '#{hostile()}', '<%= hostile() %>', '{% hostile() %}', '{{name}}', '$t(title) {{name}}', '{name, plural, one {x} other {#}}', '%s %d %n %x', '__html', '{"$$typeof":"react.element","type":"script"}', '[object Object]'];
const programs = ["'-hostile()-'", '"-hostile()-"', '\\"-hostile()}//', "'; DROP TABLE timeline; --", "' OR '1'='1", '") UNION SELECT token FROM sessions --', '* OR 1=1', 'NEAR("a" "b")', '=cmd|\' /C calc\'!A0', '+HYPERLINK("https://elsewhere.invalid";"x")', '@SUM(1+1)*cmd', '-2+3+cmd|x', '; rm -rf / ;', '$(hostile)', '../../../etc/passwd', '%00%0d%0aSet-Cookie:x=1'];
const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'undefined', 'null', 'NaN', 'true', '0', '-0', '1e999'];
const writing = ['\u202Etxt.exe', '\u2066\u202Eesrever\u2069', '\u200B\u200D\u2060a\uFEFFb', 'a\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309', 'עברית, then English, ثم العربية', '田中さん 🧑‍🚀 👩‍👩‍👧‍👦 🏳️‍🌈', 'W'.repeat(180), 'Donau' + 'dampfschifffahrts'.repeat(9), 'é'.repeat(150), 'a\u2028line\u2029paragraph', '\u2400 ␀ \\0 \\u0000'];

export const HOSTILE: readonly string[] = [...scripts, ...links, ...templates, ...programs, ...names, ...writing];
