// What DevTools knows about every single node, by column.
import fs from 'node:fs';
import {createHash} from 'node:crypto';

export const columns = ['ordinal', 'id', 'type', 'rawName', 'name', 'className', 'classKey', 'selfSize', 'retainedSize', 'distance',
  'dominatorId', 'detachedness', 'flags', 'edgeCount', 'retainerCount', 'nativeContextId', 'traceNodeId', 'location'];
const text = new Set(['rawName', 'name', 'className', 'classKey', 'location']);

export const classKey = (snapshot, key) => typeof key === 'number' ? ',' + snapshot.strings[key] : key;

function* rows(s) {
  const node = s.createNode(0), dominator = s.createNode(0), width = s.nodeFieldCount;
  const traced = s.profile.snapshot.meta.node_fields.includes('trace_node_id');
  for (let ordinal = 0; ordinal < s.nodeCount; ordinal++) {
    const at = node.nodeIndex = ordinal * width;
    dominator.nodeIndex = node.dominatorIndex();
    const owner = s.nodeNativeContextAttribution[ordinal];
    const location = s.getLocation(at);
    yield [ordinal, node.id(), node.type(), node.rawName(), node.name(), node.className(), classKey(s, node.classKeyInternal()),
      node.selfSize(), node.retainedSize(), node.distance(), dominator.id(), node.detachedness(), s.flagsOfNode(node),
      node.edgesCount(), node.retainersCount(), owner < 0 ? owner : s.createNode(owner * width).id(), traced ? node.traceNodeId() : 0,
      location ? [location.scriptId, location.lineNumber, location.columnNumber].join() : ''];
  }
}

// writeNodes writes the table of nodes: as CSV without the columns of text, or
// as one JSON array per line.
export function writeNodes(s, {to, csv}) {
  const file = fs.openSync(to, 'w');
  const keep = columns.map((c, i) => text.has(c) ? -1 : i).filter(i => i >= 0);
  const line = csv ? row => keep.map(i => row[i]).join() : row => JSON.stringify(row);
  let lines = [line(columns)];
  for (const row of rows(s)) {
    if (lines.push(line(row)) === 5000) {
      fs.writeSync(file, lines.join('\n') + '\n');
      lines = [];
    }
  }
  fs.writeSync(file, lines.concat('').join('\n'));
  fs.closeSync(file);
}

// hashNodes gives the sha256 of each column: its values as JSON, one per line.
export function hashNodes(s) {
  const hashes = columns.map(() => createHash('sha256'));
  for (const row of rows(s)) row.forEach((value, i) => hashes[i].update(JSON.stringify(value) + '\n'));
  return Object.fromEntries(columns.map((c, i) => [c, hashes[i].digest('hex')]));
}
