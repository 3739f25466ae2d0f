package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-dev/plumb/internal/leak"
)

var update = flag.Bool("update", false, "rewrite the files in testdata")

// leaking is a result with all there is to show.
func leaking() *Report {
	return &Report{
		Files: []string{"before.heapsnapshot", "my snapshots/after.heapsnapshot"}, Version: "1.2.3", Root: "/srv/app/",
		Result: &leak.Result{
			Verdict: leak.Leaking, Requests: 2406,
			Snapshots: []leak.SnapshotSize{{Nodes: 50_000, Bytes: 5_000_000}, {Nodes: 90_000, Bytes: 9_000_000}},
			Findings: []leak.Finding{{
				Verdict: leak.Leaking, Reason: "the growth is in proportion to the requests", Fingerprint: "9f2c41a0",
				Cause: leak.InstanceStore, Advice: "The object collects what is opened and never closed. Delete the entry where its life ends.",
				Example:   leak.Example{Before: "store.open(id);\nawait work();", After: "try {\n  await work();\n} finally {\n  store.close(id);\n}"},
				Variable:  "byId",
				Container: leak.Container{Name: "store.byId", Class: "Map", ID: 4711, Kind: "container"},
				Member:    leak.Member{Class: "Session", ID: 99_001},
				Declared:  leak.Place{File: "/srv/app/lib/store.js", Line: 12, Column: 3, Function: "SessionStore", Exact: true},
				Made:      leak.Place{File: "/srv/app/lib/session.js", Line: 4, Function: "Session", Exact: true},
				Counts:    []int{7218, 9624}, PerStep: []int{2406}, PerRequest: 1, Survivors: []int{2406},
				Objects: 4812, Share: 61_400_000, Exclusive: 58_900_000, Retainers: 1,
				Path: []leak.Step{
					{Object: "GC root: Global handles", Status: leak.Expected, Reason: "the root of all that lives"},
					{Object: "module scope of store.js", ID: 7, Status: leak.Expected, Reason: "a module's variables live as long as the process", Reference: "variable store"},
					{Object: "SessionStore", ID: 9, Status: leak.Unknown, Reference: "SessionStore.byId", Suspect: true},
					{Object: "Map", ID: 4711, Status: leak.Unknown, Reference: "Map[x]", Suspect: true},
					{Object: "Session", ID: 99_001, Status: leak.Stuck, Reason: "socket.destroyed is true"},
				},
			}},
			Classes: []leak.Class{{Name: "Session", Counts: []int{7218, 9624}}, {Name: "{user|agent, <b>, *at*}", Counts: []int{10, 24}}},
			Noise:   []leak.Noise{{Kind: "compiled code and feedback", Objects: 274, Bytes: 63_600}},
		},
	}
}

func undecided() *Report {
	r := leaking()
	r.Result.Verdict, r.Result.Requests = leak.Undecided, 0
	f := &r.Result.Findings[0]
	f.Verdict, f.Variable, f.PerRequest = leak.Undecided, "", 0
	f.Cause, f.Made.Function = leak.Timer, "poll"
	f.Reason = "these timers fire once, after 30s, and are gone then"
	return r
}

func healthy() *Report {
	r := leaking()
	r.Result.Verdict, r.Result.Findings, r.Result.Classes, r.Result.Noise = leak.Healthy, []leak.Finding{}, nil, nil
	return r
}

// swelling is a result with one object that gets larger.
func swelling() *Report {
	r := leaking()
	f := &r.Result.Findings[0]
	f.Container.Kind, f.Container.Class, f.Counts, f.PerStep, f.PerRequest = "one object", "FastBuffer", []int{60_000, 260_000}, []int{200_000}, 83.1255
	f.Reason = "one object grew in each of 2 steps"
	return r
}

func TestGolden(t *testing.T) {
	reports := map[string]*Report{"leaking": leaking(), "undecided": undecided(), "healthy": healthy(), "swelling": swelling()}
	formats := map[Format]string{Text: "txt", JSON: "json", Markdown: "md", HTML: "html", SARIF: "sarif", JUnit: "xml"}
	for name, r := range reports {
		for format, extension := range formats {
			var got bytes.Buffer
			if err := r.Write(&got, format); err != nil {
				t.Fatalf("%s as %s: %v", name, format, err)
			}
			if format == HTML {
				got = *bytes.NewBufferString(withoutAssets(t, got.String()))
			}
			path := filepath.Join("testdata", name+"."+extension)
			if *update {
				if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("%s as %s (-want +got):\n%s", name, format, diff)
			}
		}
	}
}

// withoutAssets leaves the program out of a page, which is not what a report says.
func withoutAssets(t *testing.T, page string) string {
	t.Helper()
	for _, name := range []string{"report.css", "report.js"} {
		text, err := asset(name)
		if err != nil || len(text) < 1000 || !strings.Contains(page, text) || strings.Contains(text, "</script") || strings.Contains(text, "</style") {
			t.Fatalf("%s: %d bytes, %v", name, len(text), err)
		}
		page = strings.Replace(page, text, name, 1)
	}
	return page
}

// TestFrames holds that a page has the code around a finding's lines, and no other
// files of this machine.
func TestFrames(t *testing.T) {
	r := leaking()
	r.Result.Findings = r.Result.Findings[:1]
	f := &r.Result.Findings[0]
	r.Root = "/app/"
	r.Source = func(file string) ([]byte, error) {
		if file != "/app/store.js" {
			return nil, fs.ErrNotExist
		}
		return []byte("1\n2\n3\n\tconst byId = new Map();\x1b\n5\r\n" + strings.Repeat("x", 300) + "\n7\n8\n"), nil
	}
	for _, tt := range []struct {
		declared, grows leak.Place
		want            []Frame
	}{
		{declared: leak.Place{File: "/app/store.js", Line: 4}, want: []Frame{{"the variable", "store.js", 4, 1, []string{"1", "2", "3", "    const byId = new Map();\uFFFD", "5", strings.Repeat("x", 200) + "…", "7"}}}},
		{declared: leak.Place{File: "/app/store.js", Line: 1}, grows: leak.Place{File: "/app/store.js", Line: 8}, want: []Frame{
			{"it grows here", "store.js", 8, 5, []string{"5", strings.Repeat("x", 200) + "…", "7", "8", ""}},
			{"the variable", "store.js", 1, 1, []string{"1", "2", "3", "    const byId = new Map();\uFFFD"}},
		}},
		{declared: leak.Place{File: "/app/store.js", Line: 100}},
		{declared: leak.Place{File: "/etc/passwd", Line: 1}},
		{declared: leak.Place{File: "/app/gone.js", Line: 1}},
	} {
		f.Declared, f.Grows = tt.declared, nil
		if tt.grows.File != "" {
			f.Grows = &tt.grows
		}
		var got []Frame
		for _, b := range r.Document().Blocks {
			got = append(got, b.Frames...)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", tt.declared, diff)
		}
	}
}

// TestNarrow holds that text fits a terminal of 80 columns.
func TestNarrow(t *testing.T) {
	for _, r := range []*Report{leaking(), undecided(), healthy()} {
		var out bytes.Buffer
		if err := r.Write(&out, Text); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > width && !strings.Contains(line, "plumb ") {
				t.Errorf("%d columns: %s", n, line)
			}
		}
	}
}

// TestHostileText holds that text out of a snapshot stays text everywhere.
func TestHostileText(t *testing.T) {
	r := leaking()
	f := &r.Result.Findings[0]
	f.Container.Name = "a\x1b[31m\n<script>alert(1)</script>\xed\xa0\x80]]>"
	f.Member.Class = "{\u202e`x`|}"
	f.Path[2].Reference = "<img>.y\r\n"
	for _, format := range []Format{Text, JSON, Markdown, HTML, SARIF, JUnit} {
		var out bytes.Buffer
		if err := r.Write(&out, format); err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		text := out.String()
		if strings.ContainsAny(text, "\x1b\r") || !utf8.ValidString(text) || format != JSON && strings.Contains(text, "\u202e") {
			t.Errorf("%s lets control characters through", format)
		}
		switch format {
		case HTML, Markdown:
			if format == HTML {
				text = withoutAssets(t, text)
			}
			if strings.Contains(text, "<script>") || format == HTML && strings.Contains(text, "<img>") {
				t.Errorf("%s lets markup through", format)
			}
		case JSON, SARIF:
			if !json.Valid(out.Bytes()) {
				t.Errorf("%s is not JSON", format)
			}
		case JUnit:
			if err := xml.Unmarshal(out.Bytes(), new(junitSuites)); err != nil {
				t.Errorf("junit: %v", err)
			}
		}
	}
}

func TestSize(t *testing.T) {
	for _, tt := range []struct {
		n    uint64
		want string
	}{{0, "0 B"}, {999, "999 B"}, {1000, "1.0 kB"}, {99_949, "99.9 kB"}, {100_000, "100 kB"}, {999_999, "1,000 kB"}, {1_000_000, "1.0 MB"}, {123_456_789, "123 MB"}} {
		if got := (&Report{}).size(tt.n); got != tt.want {
			t.Errorf("%d: %q, want %q", tt.n, got, tt.want)
		}
	}
	if got := (&Report{Bytes: true}).size(123_456); got != "123,456 B" {
		t.Errorf("exact: %q", got)
	}
}
