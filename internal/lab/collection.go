package lab

import _ "embed"

// Collection is one run of V8's collector, as v8.GCProfiler tells of it.
type Collection struct {
	Kind         string     `json:"kind"` // scavenge, mark-compact, incremental, minor mark-sweep, weak callbacks
	Milliseconds float64    `json:"milliseconds"`
	Young        Generation `json:"young"`
	Old          Generation `json:"old"`
}

// Freed is what the collection freed, in bytes. Where V8 allocated more in
// it than it freed, it is negative.
func (c *Collection) Freed() int64 {
	return int64(c.Young.Before+c.Old.Before) - int64(c.Young.After+c.Old.After)
}

// Generation is what a part of the heap held, in bytes, before and after a
// collection. New objects are in the young one, which a scavenge empties: what is
// still in use after two of them is moved to the old one, which only a mark-compact
// visits.
type Generation struct {
	Before uint64 `json:"before"`
	After  uint64 `json:"after"`
}

// CollectionsSource is JavaScript: a function of the module v8 that returns an
// object with start, and take, which lists the collections since the start in the
// form of Collection.
//
//go:embed collections.js
var CollectionsSource string
