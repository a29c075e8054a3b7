/**
 * Who brought whom: a tree over customers, and what came of it. Pure; instants in epoch ms. Each customer stands once: under
 * the customer its own file names, else under the one whose referral named it first. Where customers refer each other in a
 * circle, the link that was made last is left out.
 */
export interface Link {
  readonly from: string;
  readonly to: string;
  readonly at: number;
  /** The referral; null when only the file of the referred says so. */
  readonly entry: string | null;
  /** The referred customer's own file says so. */
  readonly inFile: boolean;
}

export interface Member<Data> {
  readonly id: string;
  readonly data: Data;
}

export interface Branch<Data> extends Member<Data> {
  /** How it came here; null at the root. */
  readonly link: Link | null;
  /** 0 at the root. */
  readonly depth: number;
  readonly children: readonly Branch<Data>[];
}

/** Links that were left out because they would close a circle. */
export interface Forest<Data> {
  readonly roots: readonly Branch<Data>[];
  readonly leftOut: readonly Link[];
}

const earlier = (a: Link, b: Link): number => Number(b.inFile) - Number(a.inFile) || a.at - b.at || (a.from < b.from ? -1 : a.from > b.from ? 1 : 0) || ((a.entry ?? '') < (b.entry ?? '') ? -1 : 1);

/** The circle that the customer stands on, going up; undefined when it comes to a root. */
function circleFrom(start: string, up: ReadonlyMap<string, Link>): Link[] | undefined {
  const path: Link[] = [];
  const seen = new Map<string, number>();
  for (let at = start; ; ) {
    const known = seen.get(at);
    if (known !== undefined) return path.slice(known);
    seen.set(at, path.length);
    const link = up.get(at);
    if (link === undefined) return undefined;
    path.push(link);
    at = link.from;
  }
}

/** Trees with at least one referral in them; roots and children by when they came, then by id. The order of what is given does not matter. */
export function forestOf<Data>(members: readonly Member<Data>[], links: readonly Link[]): Forest<Data> {
  const byId = new Map(members.map((one) => [one.id, one]));
  const up = new Map<string, Link>();
  for (const link of links.filter(({ from, to }) => from !== to && byId.has(from) && byId.has(to)).sort(earlier)) if (!up.has(link.to)) up.set(link.to, link);
  const leftOut: Link[] = [];
  const safe = new Set<string>();
  for (const id of [...up.keys()].sort()) {
    const circle = safe.has(id) ? undefined : circleFrom(id, up);
    if (circle !== undefined) {
      const last = [...circle].sort((a, b) => b.at - a.at || (a.to < b.to ? -1 : 1))[0]!;
      up.delete(last.to);
      leftOut.push(last);
    }
    safe.add(id);
  }
  const down = Map.groupBy([...up.values()], ({ from }) => from);
  const byTime = (a: Link, b: Link): number => a.at - b.at || (a.to < b.to ? -1 : 1);
  const branch = (id: string, link: Link | null, depth: number): Branch<Data> => ({ ...byId.get(id)!, link, depth, children: (down.get(id) ?? []).sort(byTime).map((one) => branch(one.to, one, depth + 1)) });
  const roots = [...down.keys()].filter((id) => !up.has(id));
  const first = (id: string): number => down.get(id)!.reduce((least, { at }) => Math.min(least, at), Infinity);
  return { roots: roots.sort((a, b) => first(a) - first(b) || (a < b ? -1 : 1)).map((id) => branch(id, null, 0)), leftOut: leftOut.sort(byTime) };
}

/** The branch and all below it, the branch first. */
export function* allIn<Data>(branch: Branch<Data>): Generator<Branch<Data>> {
  const waiting = [branch];
  for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
    yield one;
    waiting.unshift(...one.children);
  }
}

/** The first so many branches of a tree, each parent before its children; what is cut is counted at its parent. */
export function bounded<Data>(root: Branch<Data>, most: number): { readonly tree: Branch<Data> & { readonly cut: number }; readonly size: number } {
  let taken = 1;
  const kept = new Set<Branch<Data>>([root]);
  const waiting = [root];
  for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
    for (const child of one.children) {
      if (taken === most) break;
      taken += 1;
      kept.add(child);
      waiting.push(child);
    }
  }
  const copy = (one: Branch<Data>): Branch<Data> & { cut: number } => {
    const children = one.children.filter((child) => kept.has(child));
    return { ...one, children: children.map(copy), cut: one.children.length - children.length };
  };
  return { tree: copy(root), size: [...allIn(root)].length };
}
