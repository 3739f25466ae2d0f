// The questions: what each view of DevTools shows, in its default order.
import {ComparatorConfig, NodeFilter, SearchConfig} from './devtools.mjs';
import {hashNodes, writeNodes} from './nodes.mjs';

const less = (a, b) => a < b ? -1 : Number(a > b);
const everything = [0, Number.MAX_SAFE_INTEGER];

// indexOf finds a node by its id.
function indexOf(s, id) {
  const at = s.nodeIndexForId(id);
  if (at === undefined) throw new Error(`no node has id ${id}`);
  return at;
}

function nodeRow(s, index) {
  const n = s.createNode(index);
  return {id: n.id(), name: n.name(), type: n.type(), distance: n.distance(), shallow: n.selfSize(), retained: n.retainedSize()};
}

function edgeRow(e) {
  const {id, name, type, distance, selfSize, retainedSize} = e.node;
  return {edge: String(e.name), edgeType: e.type, id, name, type, distance, shallow: selfSize, retained: retainedSize};
}

function sorted(provider, ...order) {
  if (provider.isEmpty()) return [];
  provider.sortAndRewind(new ComparatorConfig(...order));
  return provider.serializeItemsRange(...everything).items;
}

function nodeFilter({filter, after, upTo, allocation}) {
  const f = new NodeFilter(after, upTo);
  f.filterName = filter;
  f.allocationNodeId = allocation;
  return f;
}

function classRows(s, filter) {
  const aggregates = Object.entries(s.aggregatesWithFilter(filter));
  return aggregates.map(([key, a]) => ({key, name: a.name, count: a.count, distance: a.distance, shallow: a.self, retained: a.maxRet}))
      .sort((a, b) => b.retained - a.retained || less(a.name, b.name));
}

const namedFilters = s => ['duplicatedStrings', 'objectsRetainedByDetachedDomNodes', 'objectsRetainedByContexts', 'objectsRetainedByConsole',
  'objectsRetainedByEventHandlers', 'sharedNativeContext', 'noNativeContext',
  ...s.getNativeContextSizes().nativeContexts.map(c => 'nativeContext_' + c.nodeIndex)];

let comparisons = 0;  // the engine remembers the answer for each name of a base

function compare(target, {base, ids}) {
  // The base answers in another worker: what it says is copied on the way.
  const before = structuredClone(base.aggregatesForDiff(target.interfaceDefinitions()));
  const diff = Object.entries(target.calculateSnapshotDiff(++comparisons, before));
  return diff.map(([key, d]) => ({key, name: d.name, new: d.addedCount, deleted: d.removedCount, delta: d.countDelta,
    allocSize: d.addedSize, freedSize: d.removedSize, sizeDelta: d.sizeDelta, ...ids && {newIds: d.addedIds, deletedIds: d.deletedIds}}))
      .sort((a, b) => b.allocSize - a.allocSize || less(a.name, b.name));
}

function retainers(s, {id, depth, ignore = []}) {
  for (const i of ignore) s.ignoreNodeInRetainersView(indexOf(s, i));
  const rows = (index, left, above) => sorted(s.createRetainingEdgesProvider(index), '!edgeDistance', true, 'name', true).map(e => {
    const at = e.node.nodeIndex, cycle = above.has(at);
    const open = !cycle && left > 1;
    return {...edgeRow(e), cycle, ignored: e.node.ignored, retainers: open ? rows(at, left - 1, new Set([...above, at])) : []};
  });
  try {
    const start = indexOf(s, id);
    return rows(start, depth, new Set([start]));
  } finally {
    s.unignoreAllNodesInRetainersView();
  }
}

function paths(s, {id, maxDepth, maxNodes, maxSiblings, ignore = []}) {
  for (const i of ignore) s.ignoreNodeInRetainersView(indexOf(s, i));
  const step = p => ({edge: String(p.edgeName), edgeType: p.edgeType, id: p.nodeId, name: p.nodeName, distance: p.distance, children: p.children.map(step)});
  try {
    const {paths, limitsReached: l} = s.getRetainingPaths(indexOf(s, id), maxDepth, maxNodes, maxSiblings);
    return {paths: paths.map(step), limits: {depth: !!l.depth, nodes: !!l.nodes, siblings: !!l.siblings}};
  } finally {
    s.unignoreAllNodesInRetainersView();
  }
}

function dominated(s, {id}) {
  const o = indexOf(s, id) / s.nodeFieldCount, rows = [];
  for (let i = s.firstDominatedNodeIndex[o]; i < s.firstDominatedNodeIndex[o + 1]; i++) rows.push(nodeRow(s, s.dominatedNodes[i]));
  return rows.sort((a, b) => b.retained - a.retained);
}

function contexts(s) {
  const {scopes, scriptsWithoutScopes} = s.analyzeContexts();
  const value = f => ({field: f.name, value: {id: f.valueNodeId, name: f.valueName, type: f.valueType, shallow: f.selfSize, retained: f.retainedSize}});
  const context = c => ({id: c.contextNodeId, retained: c.retainedSize, dead: c.deadFieldsRetainedSizeSum, fields: c.deadFields.map(value)});
  return {
    scopes: scopes.map(c => ({scopeInfo: c.scopeInfoNodeId, scriptId: c.scriptNodeId, script: c.scriptName, function: c.scopeName,
      start: c.scopeStart, end: c.scopeEnd, fields: c.contextFieldCount, contexts: c.contexts.map(context)})),
    scriptsWithoutScopes: scriptsWithoutScopes.map(r => ({id: r.scriptNodeId, name: r.scriptName, contexts: r.contextCount})),
  };
}

function allocations(s) {
  if (!s.profile.snapshot.trace_function_count) return [];
  const frame = ({id, name, scriptName, hasChildren, ...rest}) => ({function: name, script: scriptName, ...rest});
  const callers = id => {
    const {nodesWithSingleCaller, branchingCallers} = s.allocationNodeCallers(id);
    return {chain: nodesWithSingleCaller.map(frame), branches: branchingCallers.map(frame)};
  };
  return s.allocationTracesTops().map(top => ({...frame(top), ...top.hasChildren && {callers: callers(top.id)}}));
}

// pick chooses nodes to ask about: the largest, some of each kind, and some
// by a walk over all that hits the same ones in every run.
function pick(s, {count}) {
  const all = Array.from({length: s.nodeCount}, (_, i) => nodeRow(s, i * s.nodeFieldCount));
  const chosen = [...all].sort((a, b) => b.retained - a.retained).slice(0, count / 4);
  const kinds = new Map();
  for (const n of all) kinds.set(n.type, kinds.get(n.type) ?? []).get(n.type).push(n);
  for (const kind of kinds.values()) chosen.push(kind[0], kind[kind.length >> 1], kind.at(-1));
  for (let i = 0, at = 7; i < count / 2; i++, at = (at * 48271 + 11) % 2147483647) chosen.push(all[at % all.length]);
  for (const [i] of all.entries()) if (s.createNode(i * s.nodeFieldCount).detachedness() === 2 && i % 7 === 0) chosen.push(all[i]);
  return [...new Set(chosen.map(n => n.id))].slice(0, count * 2);
}

function statistics(s) {
  const {total, native, v8heap} = s.getStatistics();
  const {code, jsArrays, strings, system} = v8heap;
  const otherNonJS = native.total - native.typedArrays;
  return {total, native: native.total, typedArrays: native.typedArrays, v8heap: v8heap.total, code, jsArrays, strings, system,
    otherNonJS, otherJS: v8heap.total - code - jsArrays - strings - system};
}

export const questions = {
  nodes: writeNodes,
  hashes: hashNodes,
  pick,
  stats: statistics,
  info: s => { const d = s.updateStaticData(); return {nodes: d.nodeCount, totalSize: d.totalSize, maxJSObjectId: d.maxJSObjectId}; },
  interfaces: s => JSON.parse(s.interfaceDefinitions()),
  summary: (s, q) => classRows(s, nodeFilter(q)),
  instances: (s, {key, ...q}) => sorted(s.createNodesProviderForClass(key, nodeFilter(q)), 'retainedSize', false, 'id', true).map(n => nodeRow(s, n.nodeIndex)),
  filterNames: namedFilters,
  filters: s => namedFilters(s).map(name => {
    const rows = classRows(s, nodeFilter({filter: name}));
    return {name, classes: rows.length, count: rows.reduce((sum, r) => sum + r.count, 0), size: rows.reduce((sum, r) => sum + r.shallow, 0)};
  }),
  nativeContexts: s => s.getNativeContextSizes(),
  contextSummary: s => s.getRetainedByContextSummary(),
  compare,
  retainers,
  paths,
  containment: (s, {id}) => sorted(s.createEdgesProvider(indexOf(s, id)), 'retainedSize', false, '!edgeName', true).map(edgeRow),
  dominators: (s, {id}) => s.getDominatorsOf(indexOf(s, id)).map(d => nodeRow(s, d.nodeIndex)),
  dominated,
  strings: s => s.getDuplicateStrings().map(g => ({value: g.value, count: g.count, shallow: g.totalSelfSize, retained: g.totalRetainedSize,
    truncated: !!g.truncated, length: g.length, hash: g.hash, ids: g.nodes.map(n => n.id)})),
  contexts,
  search: (s, {query, regex = false, matchCase = false}) => s.search(new SearchConfig(query, matchCase, false, regex, false, false), new NodeFilter()).map(id => ({id})),
  allocations,
  allocationNumbers: s => s.profile.snapshot.trace_function_count ? s.allocationTracesTops().map(top => top.id) : [],
  stack: (s, {id}) => ({frames: (s.allocationStack(indexOf(s, id)) ?? []).map(f => ({function: f.functionName, script: f.scriptName, scriptId: f.scriptId, line: f.line, column: f.column}))}),
  samples: s => { const r = s.getSamples(); return r ? r.timestamps.map((t, i) => ({timestamp: t, lastAssignedId: r.lastAssignedIds[i], size: r.sizes[i]})) : []; },
};
