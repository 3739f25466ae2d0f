package conformance

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

var update = flag.Bool("update", false, "ask the DevTools engine for the answers in testdata anew")

// golden is a line of a golden file: a plumb command without the file names,
// and what the engine answers.
type golden struct {
	Args   []string        `json:"args"`
	Engine json.RawMessage `json:"engine"`
}

// sample is a snapshot that there are golden answers about.
type sample struct {
	name string // of a golden file; before the "-": of the process
	text []byte // nil: it is packed in testdata
}

// samples are the snapshots by process, in order: some of real programs, and
// some random graphs.
func samples(t *testing.T) [][]sample {
	t.Helper()
	files, err := filepath.Glob("testdata/*.heapsnapshot.zst")
	if err != nil || len(files) == 0 {
		t.Fatal("no snapshots in testdata:", err)
	}
	slices.Sort(files)
	var all [][]sample
	last := ""
	for _, file := range files {
		s := sample{name: strings.TrimSuffix(filepath.Base(file), ".heapsnapshot.zst")}
		process, _, _ := strings.Cut(s.name, "-")
		if process != last {
			all, last = append(all, nil), process
		}
		all[len(all)-1] = append(all[len(all)-1], s)
	}
	for seed := range uint64(5) {
		var pair []sample
		for i, text := range randomSnapshots(seed) {
			pair = append(pair, sample{fmt.Sprintf("random%d-%d", seed, i+1), text})
		}
		all = append(all, pair)
	}
	return all
}

// TestGolden holds plumb to the engine's answers in testdata.
func TestGolden(t *testing.T) {
	if *update {
		updateGolden(t)
	}
	for _, process := range samples(t) {
		dir := t.TempDir()
		var base string
		for _, s := range process {
			file := s.write(t, dir)
			t.Run(s.name, func(t *testing.T) {
				for _, g := range readGolden(t, s.name) {
					checkGolden(t, g, file, base)
				}
			})
			base = file
		}
	}
}

func checkGolden(t *testing.T, g golden, file, base string) {
	t.Helper()
	var args []string
	for _, arg := range g.Args {
		switch arg {
		case "FILE":
			arg = file
		case "BASE":
			arg = base
		}
		args = append(args, arg)
	}
	name := "plumb heap " + strings.Join(g.Args, " ")
	got, err := plumbHeap(args...)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if args[0] == "nodes" {
		got = columnHashes(t, got)
	}
	found, err := differences(g.Engine, got)
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if len(found) > 0 {
		t.Errorf("%s\n\t%s", name, strings.Join(found, "\n\t"))
	}
}

// columnHashes is what the engine's "hashes" answers, for the output of plumb
// heap nodes --ndjson.
func columnHashes(t *testing.T, ndjson []byte) []byte {
	t.Helper()
	lines := bytes.Split(bytes.TrimSuffix(ndjson, []byte("\n")), []byte("\n"))
	var columns []string
	if err := json.Unmarshal(lines[0], &columns); err != nil {
		t.Fatal(err)
	}
	sums := make([]hash.Hash, len(columns))
	for c := range sums {
		sums[c] = sha256.New()
	}
	for _, line := range lines[1:] {
		for c, cell := range cells(line) {
			sums[c].Write(append(cell, '\n'))
		}
	}
	hashes := make(map[string]string)
	for c, column := range columns {
		hashes[column] = hex.EncodeToString(sums[c].Sum(nil))
	}
	out, err := json.Marshal(hashes)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// cells divides a line of JSON or CSV.
func cells(line []byte) [][]byte {
	var row []json.RawMessage
	if json.Unmarshal(line, &row) != nil {
		return bytes.Split(line, []byte(","))
	}
	out := make([][]byte, len(row))
	for i, cell := range row {
		out[i] = cell
	}
	return out
}

// write writes the snapshot without compression, for plumb's index to lie
// beside it and for the engine to read.
func (s sample) write(t *testing.T, dir string) string {
	t.Helper()
	file := filepath.Join(dir, s.name+".heapsnapshot")
	var in io.Reader = bytes.NewReader(s.text)
	if s.text == nil {
		in = unpack(t, filepath.Join("testdata", s.name+".heapsnapshot.zst"))
	}
	out, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Close()); err != nil {
		t.Fatal(err)
	}
	return file
}

// unpack reads a compressed file.
func unpack(t *testing.T, packed string) io.Reader {
	t.Helper()
	in, err := os.Open(packed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	dec, err := zstd.NewReader(in)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(dec.Close)
	return dec
}

func goldenFile(name string) string { return filepath.Join("testdata", name+".golden") }

func readGolden(t *testing.T, name string) []golden {
	t.Helper()
	data, err := os.ReadFile(goldenFile(name))
	if err != nil {
		t.Fatal(err)
	}
	var all []golden
	for dec := json.NewDecoder(bytes.NewReader(data)); ; {
		var g golden
		if err := dec.Decode(&g); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatalf("%s: %v", goldenFile(name), err)
		}
		all = append(all, g)
	}
}

// updateGolden asks the engine what the golden files should say.
func updateGolden(t *testing.T) {
	e := startEngine(t)
	for _, process := range samples(t) {
		dir := t.TempDir()
		var base *subject
		for i, packed := range process {
			s := &subject{file: packed.write(t, dir), name: []string{"even", "odd"}[i%2], base: base}
			if err := e.load(s.file, s.name); err != nil {
				t.Fatal(err)
			}
			writeGolden(t, e, packed.name, *s)
			base = s
		}
	}
}

// longAnswer is where an answer is too long to be committed; the hashes of
// the nodes and the other answers hold the same code.
const longAnswer = 12_000

func writeGolden(t *testing.T, e *engine, name string, s subject) {
	t.Helper()
	details, err := s.details(e, 3)
	if err != nil {
		t.Fatal(err)
	}
	views := slices.Concat([]view{s.view("hashes", nil, "nodes", "--ndjson")}, s.overviews(), s.searches()[:3], details)
	var out bytes.Buffer
	for _, v := range views {
		answer, err := e.ask(v.ask)
		if err != nil {
			t.Fatalf("%s: %v", v, err)
		}
		if len(answer) > longAnswer {
			continue
		}
		g := golden{Engine: answer}
		for _, arg := range v.args {
			switch {
			case arg == s.file:
				arg = "FILE"
			case s.base != nil && arg == s.base.file:
				arg = "BASE"
			}
			g.Args = append(g.Args, arg)
		}
		if v.args[0] != "nodes" {
			g.Args = slices.Insert(g.Args, 1, "--json")
		}
		line, err := json.Marshal(g)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(append(line, '\n'))
	}
	if err := os.WriteFile(goldenFile(name), out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}
