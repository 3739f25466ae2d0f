package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// differences says where plumb's JSON does not say what the engine's does, at
// most a few places. What plumb says beyond that is its own business, and what
// it leaves out counts as null, false, 0, "" or empty.
func differences(engine, plumb []byte) ([]string, error) {
	want, err := decode(engine)
	if err != nil {
		return nil, fmt.Errorf("engine's answer: %w", err)
	}
	got, err := decode(plumb)
	if err != nil {
		return nil, fmt.Errorf("plumb's answer: %w", err)
	}
	if rows, ok := want.([]any); ok {
		table, _ := got.(map[string]any)
		if got = table["rows"]; got == nil {
			return nil, fmt.Errorf("plumb's answer has no rows: %.200s", plumb)
		}
		want = rows
	}
	var d differ
	d.compare("", want, got)
	return d.found, nil
}

func decode(data []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	err := dec.Decode(&v)
	return v, err
}

type differ struct{ found []string }

const enough = 6

func (d *differ) compare(path string, want, got any) {
	switch want := want.(type) {
	case map[string]any:
		got, ok := got.(map[string]any)
		if !ok {
			d.add(path, want, got)
			return
		}
		for _, key := range slices.Sorted(maps.Keys(want)) {
			if value, ok := got[key]; ok || !isZero(want[key]) {
				d.compare(path+"."+key, want[key], value)
			}
		}
	case []any:
		got, ok := got.([]any)
		if !ok && len(want) > 0 {
			d.add(path, want, got)
			return
		}
		for i := range min(len(want), len(got)) {
			d.compare(fmt.Sprintf("%s[%d%s]", path, i, label(want[i])), want[i], got[i])
			if len(d.found) >= enough {
				return
			}
		}
		if len(want) != len(got) {
			d.add(path+": number of rows", len(want), len(got))
		}
	default:
		if fmt.Sprint(want) != fmt.Sprint(got) && (want != nil || !isZero(got)) {
			d.add(path, want, got)
		}
	}
}

func (d *differ) add(path string, want, got any) {
	if len(d.found) < enough {
		d.found = append(d.found, fmt.Sprintf("%s: engine %.200s, plumb %.200s", strings.TrimPrefix(path, "."), show(want), show(got)))
	}
}

func show(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}

// label names a row beside its position.
func label(row any) string {
	if m, ok := row.(map[string]any); ok {
		for _, key := range []string{"key", "id", "name", "value"} {
			if v, ok := m[key]; ok {
				return fmt.Sprintf(" %s %.80s", key, show(v))
			}
		}
	}
	return ""
}

func isZero(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return v == ""
	case json.Number:
		return v == "0"
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}
