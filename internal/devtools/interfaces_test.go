package devtools

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/heap/wtf8"
	"github.com/plumb-dev/plumb/internal/testheap"
)

// plainObjects builds a snapshot of plain objects with these properties.
func plainObjects(objects [][]string) (*testheap.Builder, []heap.Node) {
	b, add := withRoot()
	value := add("string", "value", 8)
	var nodes []heap.Node
	for _, properties := range objects {
		n := add("object", "Object", 8)
		for i, p := range properties {
			if i%2 == 1 { // other edges between them do not matter
				b.Edge(n, "internal", "map", value)
			}
			b.Edge(n, "property", p, value)
		}
		nodes = append(nodes, n)
	}
	return b, nodes
}

func TestInterfaces(t *testing.T) {
	long := strings.Repeat("x", 119)
	for _, test := range []struct {
		name    string
		objects [][]string
		want    []string // class of each object
	}{
		{"once is not enough", [][]string{{"a"}, {"b"}}, []string{"Object", "Object"}},
		{"a superset matches", [][]string{{"a"}, {"a"}, {"z", "a", "b"}}, []string{"{a}", "{a}", "{a}"}},
		{"most properties win", [][]string{{"a"}, {"a"}, {"a"}, {"b", "a"}, {"b", "a"}}, []string{"{a}", "{a}", "{a}", "{b, a}", "{b, a}"}},
		{"the common order names", [][]string{{"a", "b"}, {"a", "b"}, {"b", "a"}, {"b", "a"}, {"b", "a"}}, []string{"{b, a}", "{b, a}", "{b, a}", "{b, a}", "{b, a}"}},
		{"a tie goes to the first", [][]string{{"a", "b"}, {"b", "a"}, {"a", "b"}, {"b", "a"}}, []string{"{a, b}", "{a, b}", "{a, b}", "{a, b}"}},
		{
			"so does a tie of other properties",
			[][]string{{"a", "c"}, {"a", "c"}, {"a", "c"}, {"a", "b"}, {"a", "b"}, {"a", "b", "c"}},
			[]string{"{a, c}", "{a, c}", "{a, c}", "{a, b}", "{a, b}", "{a, c}"},
		},
		{"no properties, no interface", [][]string{{}, {}, {}}, []string{"Object", "Object", "Object"}},
		{"__proto__ does not name", [][]string{{"__proto__", "a"}, {"a"}}, []string{"{a}", "{a}"}},
		{"quotes", [][]string{{"a,b", `q"`}, {"a,b", `q"`}}, []string{`{"a,b", "q\""}`, `{"a,b", "q\""}`}},
		{"no comma after an empty name", [][]string{{"", "a"}, {"", "a"}, {"a"}}, []string{"{a}", "{a}", "Object"}},
		{"one long name is whole", [][]string{{long + long}, {long + long}}, []string{"{" + long + long + "}", "{" + long + long + "}"}},
		{
			"names up to 120 units",
			[][]string{{long[:118], "y"}, {long[:118], "y"}, {long, "y"}, {long, "y"}},
			[]string{"{" + long[:118] + ", y}", "{" + long[:118] + ", y}", "{" + long + "}", "{" + long + "}"},
		},
		{
			"length in UTF-16 units",
			[][]string{{strings.Repeat("\U0001F600", 59), "yy"}, {strings.Repeat("\U0001F600", 59), "yy"}},
			[]string{"{" + strings.Repeat("\U0001F600", 59) + "}", "{" + strings.Repeat("\U0001F600", 59) + "}"},
		},
		{"twice the same name", [][]string{{"a", "a"}, {"a", "a"}, {"a"}, {"a"}}, []string{"{a, a}", "{a, a}", "{a}", "{a}"}},
	} {
		b, nodes := plainObjects(test.objects)
		v := view(t, b)
		for i, n := range nodes {
			if got := v.ClassName(n); got != test.want[i] {
				t.Errorf("%s: object %d %q is %q, want %q", test.name, i, test.objects[i], got, test.want[i])
			}
		}
	}
}

// TestInterfaceShare: in a heap of many plain objects an interface must have
// one in 1000 of them.
func TestInterfaceShare(t *testing.T) {
	var objects [][]string
	for i := range 2999 {
		objects = append(objects, []string{fmt.Sprint("unique", i)})
	}
	objects = append(objects, []string{"a"}, []string{"a"}, []string{"b"}, []string{"b"}, []string{"b"}, []string{"b"})
	b, nodes := plainObjects(objects) // 3005 in all: 4 are enough, 3 are not
	v := view(t, b)
	if a, b := v.ClassName(nodes[2999]), v.ClassName(nodes[3001]); a != "Object" || b != "{b}" {
		t.Errorf("classes %q and %q, want Object and {b}", a, b)
	}
}

func TestInterfacesAgainstDefinition(t *testing.T) {
	names := rapid.SampledFrom([]string{"a", "b", "c", "d", "e,", "__proto__", "", "\uFFFD", "\U0001F600"})
	object := rapid.SliceOfN(names, 0, 6)
	rapid.Check(t, func(r *rapid.T) {
		objects := rapid.SliceOfN(object, 1, 30).Draw(r, "objects")
		b, nodes := plainObjects(objects)
		v := view(t, b)
		want := slowInterfaces(objects)
		for i, n := range nodes {
			if got := v.ClassName(n); got != want[i] {
				r.Fatalf("object %d %q is %q, want %q", i, objects[i], got, want[i])
			}
		}
	})
}

// slowInterfaces is the class name of each object, from the definition.
func slowInterfaces(objects [][]string) []string {
	var defs []Interface
	for _, o := range objects {
		name, properties := "{", []string(nil)
		for _, p := range o {
			if p == "__proto__" {
				continue
			}
			if strings.ContainsAny(p, `,'"{}`) {
				p = wtf8.Quote(p)
			}
			if wtf8.Len(name) > 1 {
				name += ", "
			}
			name += p
		}
		for _, p := range o {
			if p != "__proto__" {
				properties = append(properties, p)
			}
		}
		name += "}"
		if len(properties) == 0 {
			continue
		}
		if i := slices.IndexFunc(defs, func(d Interface) bool { return d.Name == name }); i >= 0 {
			defs[i].Count++
		} else {
			defs = append(defs, Interface{name, properties, 1})
		}
	}
	defs = slices.DeleteFunc(defs, func(d Interface) bool { return d.Count < 2 })
	slices.SortStableFunc(defs, func(a, b Interface) int { return cmp.Compare(b.Count, a.Count) })
	out := make([]string, len(objects))
	for i, o := range objects {
		best := Interface{Name: "Object"}
		for _, d := range defs {
			if len(d.Properties) > len(best.Properties) && includes(o, d.Properties) {
				best = d
			}
		}
		out[i] = best.Name
	}
	return out
}

func includes(all, some []string) bool {
	left := slices.Clone(all)
	for _, s := range some {
		i := slices.Index(left, s)
		if i < 0 {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return true
}
