package snapgen

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

type file struct {
	Snapshot struct {
		NodeCount int `json:"node_count"`
		EdgeCount int `json:"edge_count"`
	}
	Nodes, Edges, Locations []uint32
	Strings                 []string
}

func generate(t *testing.T, o Options) ([]byte, file) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "x.heapsnapshot")
	if err := Write(path, o); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var f file
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
	return data, f
}

func TestWrite(t *testing.T) {
	data, f := generate(t, Options{Bytes: 4e6})
	nodes, edges := len(f.Nodes)/nodeFields, len(f.Edges)/3
	if nodes != f.Snapshot.NodeCount || edges != f.Snapshot.EdgeCount {
		t.Fatalf("header: %+v, but %d nodes and %d edges", f.Snapshot, nodes, edges)
	}
	ids := map[uint32]bool{}
	owned := 0
	for n := range nodes {
		row := f.Nodes[n*nodeFields:]
		if ids[row[2]] {
			t.Fatalf("node %d: id %d again", n, row[2])
		}
		ids[row[2]] = true
		owned += int(row[4])
		if int(row[1]) >= len(f.Strings) {
			t.Fatalf("node %d: name %d of %d", n, row[1], len(f.Strings))
		}
	}
	if owned != edges {
		t.Errorf("nodes own %d edges of %d", owned, edges)
	}
	for e := 0; e < len(f.Edges); e += 3 {
		if to := int(f.Edges[e+2]); to%nodeFields != 0 || to >= len(f.Nodes) {
			t.Fatalf("edge %d leads to %d", e/3, to)
		}
	}
	text := len(data) - bytes.Index(data, []byte(`"strings":`))
	for what, r := range map[string]struct{ got, low, high float64 }{
		"bytes":          {float64(len(data)), 4e6, 5e6},
		"edges per node": {float64(edges) / float64(nodes), 3, 3.6},
		"bytes per node": {float64(len(data)) / float64(nodes), 75, 95},
		"share of text":  {float64(text) / float64(len(data)), 0.2, 0.32},
	} {
		if r.got < r.low || r.got > r.high {
			t.Errorf("%s: %.2f is not within %g and %g", what, r.got, r.low, r.high)
		}
	}
}

func TestSeed(t *testing.T) {
	a, _ := generate(t, Options{Bytes: 1e6, Seed: 1})
	again, _ := generate(t, Options{Bytes: 1e6, Seed: 1})
	other, _ := generate(t, Options{Bytes: 1e6, Seed: 2})
	if !bytes.Equal(a, again) {
		t.Error("the same seed gives another file")
	}
	if bytes.Equal(a, other) {
		t.Error("another seed gives the same file")
	}
}

func TestStrings(t *testing.T) {
	data, _ := generate(t, Options{Bytes: 4e6, Strings: true})
	text := len(data) - bytes.Index(data, []byte(`"strings":`))
	if share := float64(text) / float64(len(data)); share < 0.9 {
		t.Errorf("only %.2f of the bytes are text", share)
	}
}
