//go:build conformance

package conformance

import (
	"bytes"
	"fmt"
)

// nodeDifferences says, for each column of two tables of nodes, in how many
// rows they differ and where first.
func nodeDifferences(want, got []byte) []string {
	wantLines, gotLines := bytes.Split(want, []byte("\n")), bytes.Split(got, []byte("\n"))
	columns := cells(wantLines[0])
	first, count := make([]string, len(columns)), make([]int, len(columns))
	var found []string
	if len(wantLines) != len(gotLines) {
		found = append(found, fmt.Sprintf("engine has %d lines, plumb %d", len(wantLines), len(gotLines)))
	}
	for i := range min(len(wantLines), len(gotLines)) {
		if bytes.Equal(wantLines[i], gotLines[i]) {
			continue
		}
		w, g := cells(wantLines[i]), cells(gotLines[i])
		if len(w) != len(g) || len(w) != len(columns) {
			return append(found, fmt.Sprintf("line %d: engine %.300s, plumb %.300s", i+1, wantLines[i], gotLines[i]))
		}
		for c := range columns {
			if !bytes.Equal(w[c], g[c]) {
				if count[c]++; count[c] == 1 {
					first[c] = fmt.Sprintf("node %s: engine %.200s, plumb %.200s", bytes.Join(w[:3], []byte(" ")), w[c], g[c])
				}
			}
		}
	}
	for c, n := range count {
		if n > 0 {
			found = append(found, fmt.Sprintf("column %s differs in %d rows, first at %s", columns[c], n, first[c]))
		}
	}
	return found
}
