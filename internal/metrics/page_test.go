package metrics

import (
	"bytes"
	"maps"
	"math"
	"slices"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
)

// TestPageAsEncoded compares with what the encoder of Prometheus' library writes
// of the same samples, in both formats.
func TestPageAsEncoded(t *testing.T) {
	r := &reading{
		Version: "v20.1.2", Limit: 4e9, Lag: 1e-9,
		Spaces: []space{{"new", 1, 2, 3}, {"old", 1 << 30, 1 << 53, 0}},
		Delay:  &delay{}, Handles: &types{Total: 3, Types: []typed{{"a\"b\\c\nd", 2}, {"\xff", 1}}},
		GC:   []collections{{"major", durations{[]uint64{1, 0, 2, 0, 0, 0, 1}, 7.25}}, {"minor", durations{Counts: make([]uint64, 7)}}},
		HTTP: []exchange{{"GET", "/users/:id", "200", durations{make([]uint64, len(millisecondBounds)+1), 0}}},
	}
	r.HTTP[0].Counts[3], r.HTTP[0].Counts[12], r.HTTP[0].Sum = 5, 1, 21.5
	text := func(kind expfmt.FormatType) string {
		p := newPage()
		p.clear(kind == expfmt.TypeOpenMetrics)
		for _, l := range []labels{"", labels("").with("app", "ä", "pid", "1")} {
			(&sample{usage: usage{User: 0.1, System: 0.2, Resident: 1e21}, wanted: true, reading: r, failures: 1e6}).addTo(p, l)
		}
		p.set(snapshotted, "", math.Inf(1))
		return string(p.text())
	}
	families := parseText(t, text(expfmt.TypeTextPlain))
	for _, kind := range []expfmt.FormatType{expfmt.TypeTextPlain, expfmt.TypeOpenMetrics} {
		if got, want := text(kind), encode(t, families, kind); got != want {
			t.Errorf("format %v\n%s", kind, firstDifference(got, want))
		}
	}
}

// encode writes families as the library does.
func encode(t *testing.T, families map[string]*dto.MetricFamily, kind expfmt.FormatType) string {
	t.Helper()
	var out bytes.Buffer
	encoder := expfmt.NewEncoder(&out, expfmt.NewFormat(kind))
	for _, name := range slices.Sorted(maps.Keys(families)) {
		if err := encoder.Encode(families[name]); err != nil {
			t.Fatal(err)
		}
	}
	if closer, ok := encoder.(expfmt.Closer); ok {
		if err := closer.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

func firstDifference(got, want string) string {
	g, w := bytes.Split([]byte(got), []byte("\n")), bytes.Split([]byte(want), []byte("\n"))
	for i := range min(len(g), len(w)) {
		if !bytes.Equal(g[i], w[i]) {
			return "got  " + string(g[i]) + "\nwant " + string(w[i])
		}
	}
	return "one is longer"
}
