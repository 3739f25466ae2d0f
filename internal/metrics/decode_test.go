package metrics

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// flat is a reading as the probe says it.
func flat(r *reading) []byte {
	var all []any
	number := func(numbers ...float64) {
		for _, n := range numbers {
			if math.IsNaN(n) {
				all = append(all, nil)
			} else {
				all = append(all, n)
			}
		}
	}
	durations := func(d durations) {
		number(d.Sum)
		for _, n := range d.Counts {
			all = append(all, n)
		}
	}
	all = append(all, r.Version)
	number(r.HeapTotal, r.HeapUsed, r.External, r.ArrayBuffers, r.Limit, r.Lag)
	all = append(all, len(r.Spaces))
	for _, s := range r.Spaces {
		all = append(all, s.Name)
		number(s.Total, s.Used, s.Available)
	}
	if d := r.Delay; d == nil {
		all = append(all, 0)
	} else {
		all = append(all, 1)
		number(d.Count, d.Min, d.Max, d.Mean, d.Stddev, d.P50, d.P90, d.P99)
	}
	for _, t := range []*types{r.Resources, r.Handles, r.Requests} {
		if t == nil {
			all = append(all, 0)
			continue
		}
		all = append(all, 1, t.Total, len(t.Types))
		for _, one := range t.Types {
			all = append(all, one.Name, one.Count)
		}
	}
	all = append(all, len(r.GC))
	for _, gc := range r.GC {
		all = append(all, gc.Kind)
		durations(gc.durations)
	}
	all = append(all, len(r.HTTP))
	for _, e := range r.HTTP {
		all = append(all, e.Method, e.Route, e.Code)
		durations(e.durations)
	}
	text, err := json.Marshal(all)
	if err != nil {
		panic(err) // numbers and texts only
	}
	return text
}

func drawReading(t *rapid.T) *reading {
	word := rapid.String()
	number := rapid.OneOf(rapid.Just(math.NaN()), rapid.Float64Range(-1e300, 1e300), rapid.Map(rapid.IntRange(0, 1<<40), func(n int) float64 { return float64(n) }))
	histogram := func(bounds int) durations {
		return durations{rapid.SliceOfN(rapid.Uint64Range(0, 1<<53), bounds+1, bounds+1).Draw(t, "counts"), number.Draw(t, "sum")}
	}
	some := rapid.IntRange(0, 3)
	n := func() float64 { return number.Draw(t, "number") }
	types := func() *types {
		if rapid.Bool().Draw(t, "unknown") {
			return nil
		}
		list := &types{Total: float64(some.Draw(t, "total"))}
		for _, name := range []string{"\"", "A,b", "\\é"}[:some.Draw(t, "types")] {
			list.Types = append(list.Types, typed{name, float64(some.Draw(t, "count"))})
		}
		return list
	}
	r := &reading{
		Version: word.Draw(t, "version"), HeapTotal: n(), HeapUsed: n(), External: n(), ArrayBuffers: n(), Limit: n(), Lag: n(),
		Resources: types(), Handles: types(), Requests: types(),
	}
	for range some.Draw(t, "spaces") {
		r.Spaces = append(r.Spaces, space{word.Draw(t, "name"), n(), n(), n()})
	}
	if rapid.Bool().Draw(t, "delay") {
		r.Delay = &delay{n(), n(), n(), n(), n(), n(), n(), n()}
	}
	for _, kind := range []string{"incremental", "major", "minor"}[:some.Draw(t, "kinds")] {
		r.GC = append(r.GC, collections{kind, histogram(len(gcBounds))})
	}
	for range some.Draw(t, "exchanges") {
		r.HTTP = append(r.HTTP, exchange{word.Draw(t, "method"), word.Draw(t, "route"), word.Draw(t, "code"), histogram(len(millisecondBounds))})
	}
	return r
}

// TestDecode compares with encoding/json, which has written the array.
func TestDecode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawReading(t)
		got, err := decode(append(flat(want), '\n'))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateNaNs(), cmp.AllowUnexported(reading{}, delay{}, types{}, typed{}, space{}, collections{}, exchange{}, durations{})); diff != "" {
			t.Error(diff)
		}
	})
}

// TestDecodeBroken holds that what is no reading is an error, and nothing worse.
func TestDecodeBroken(t *testing.T) {
	if _, err := decode([]byte(`{"error":"RangeError: too deep"}`)); err == nil || !strings.Contains(err.Error(), "RangeError: too deep") {
		t.Errorf("the error is %v", err)
	}
	for _, text := range []string{"", "[", "]", "{", "[]", "null", `["v20\`, `["v20\"]`, `["v20",1,2,3,4,5,6,99999999999999]`, `["v20",1,2,3,4,5,6,-1]`} {
		if r, err := decode([]byte(text)); err == nil {
			t.Errorf("%q is %+v", text, r)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		whole := flat(drawReading(t))
		if r, err := decode(whole[:rapid.IntRange(0, len(whole)-1).Draw(t, "cut")]); err == nil {
			t.Fatalf("half of %s is %+v", whole, r)
		}
		more := slices.Concat(whole[:len(whole)-1], []byte(",1]"))
		if r, err := decode(more); err == nil {
			t.Fatalf("%s is %+v", more, r)
		}
		_, _ = decode(rapid.SliceOf(rapid.Byte()).Draw(t, "noise"))
	})
}
