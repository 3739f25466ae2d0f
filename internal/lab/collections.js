// Tells of the collections between a start and the next take, at once: V8's own
// record of them needs no turn of the event loop.
(function ({ GCProfiler }) {
  const kinds = {
    Scavenge: 'scavenge', MinorMarkCompact: 'minor mark-sweep', MinorMarkSweep: 'minor mark-sweep',
    MarkSweepCompact: 'mark-compact', IncrementalMarking: 'incremental', ProcessWeakCallbacks: 'weak callbacks',
  };
  const young = new Set(['new_space', 'new_large_object_space']);
  function used(heap, isYoung) {
    let sum = 0;
    for (const space of heap.heapSpaceStatistics) if (young.has(space.spaceName) === isYoung) sum += space.spaceUsedSize;
    return sum;
  }
  const profiler = new GCProfiler();
  let started = false;
  return {
    start() { started = true; profiler.start(); },
    take() {
      if (!started) return [];
      started = false;
      return profiler.stop().statistics.map(({ gcType, cost, beforeGC, afterGC }) => ({
        kind: kinds[gcType] ?? gcType, milliseconds: cost / 1000,
        young: { before: used(beforeGC, true), after: used(afterGC, true) },
        old: { before: used(beforeGC, false), after: used(afterGC, false) },
      }));
    },
  };
})
