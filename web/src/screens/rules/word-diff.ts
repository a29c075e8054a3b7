/** What changed between two sentences, word by word. Pure. */
export interface DiffPart {
  readonly is: 'same' | 'gone' | 'new';
  readonly text: string;
}

export function wordDiff(before: string, after: string): DiffPart[] {
  const [a, b] = [before.split(/(?<=\s)/), after.split(/(?<=\s)/)];
  // Length of the longest common run of words from each pair of places on.
  const common = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) for (let j = b.length - 1; j >= 0; j--) common[i]![j] = a[i] === b[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
  const parts: { is: DiffPart['is']; text: string }[] = [];
  const add = (is: DiffPart['is'], text: string): void => {
    const last = parts.at(-1);
    if (last?.is === is) last.text += text;
    else parts.push({ is, text });
  };
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      add('same', a[i]!);
      i += 1;
      j += 1;
    } else if (i < a.length && (j === b.length || common[i + 1]![j]! >= common[i]![j + 1]!)) add('gone', a[i++]!);
    else add('new', b[j++]!);
  }
  return parts;
}
