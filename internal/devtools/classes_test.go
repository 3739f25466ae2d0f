package devtools

import (
	"slices"
	"testing"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/testheap"
)

// view opens the built snapshot as a View.
func view(t testing.TB, b *testheap.Builder) *View {
	t.Helper()
	v, err := New(t.Context(), b.Open(t))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// withRoot returns a builder that has a root, and a function that adds a node
// below it.
func withRoot() (*testheap.Builder, func(typ, name string, size uint64) heap.Node) {
	b := testheap.New()
	root := b.Node("synthetic", "", 0)
	return b, func(typ, name string, size uint64) heap.Node {
		n := b.Node(typ, name, size)
		b.Edge(root, "internal", "x", n)
		return n
	}
}

func TestClassKey(t *testing.T) {
	for _, test := range []struct {
		typ, name string
		located   bool
		want      string
	}{
		{"hidden", "system / Map", false, ",(system)"},
		{"code", "f", false, ",(compiled code)"},
		{"closure", "f", false, ",Function"},
		{"closure", "f", true, ",Function"}, // only objects are told apart by location
		{"regexp", "a+", false, ",RegExp"},
		{"array", "", false, ",(array)"},
		{"string", "text", false, ",(string)"},
		{"concatenated string", "", false, ",(concatenated string)"},
		{"object shape", "system / Map", false, ",(object shape)"},
		{"synthetic", "(GC roots)", false, ",(synthetic)"},
		{"made up", "x", false, ",(made up)"},
		{"object", "Session", false, ",Session"},
		{"object", "Session", true, "7,3,5,Session"},
		{"native", "Session", true, ",Session"},
		{"native", `<div id="a">`, false, ",<div>"},
		{"native", "<div>", false, ",<div>"},
		{"object", "<anonymous> x", false, ",<anonymous>>"},
		{"native", `Detached <div id="a">`, false, ",Detached <div>"},
		{"native", "Detached Text", false, ",Detached Text"},
		{"native", `HTML <div id="a">`, false, `,HTML <div id="a">`},
	} {
		b, add := withRoot()
		n := add(test.typ, test.name, 8)
		if test.located {
			b.Location(n, 7, 3, 5)
		}
		v := view(t, b)
		if got := v.ClassKey(n); got != test.want {
			t.Errorf("key of %s %q is %q, want %q", test.typ, test.name, got, test.want)
		}
	}
}

// TestClassesWithOneName: the string table can hold a text twice, and a name
// that is made up can be there as well. These are different classes.
func TestClassesWithOneName(t *testing.T) {
	b, add := withRoot()
	raw, copied := add("object", "Twice", 8), add("object", "Twice", 8)
	b.Set(copied, "name", b.String("Twice"))
	if v := view(t, b); v.Class(raw) == v.Class(copied) || v.ClassKey(raw) != v.ClassKey(copied) {
		t.Error("copies of a name must be two classes with one key")
	}

	b, add = withRoot()
	function, closure := add("object", "Function", 8), add("closure", "f", 8)
	if v := view(t, b); v.Class(function) == v.Class(closure) || v.ClassKey(function) != v.ClassKey(closure) {
		t.Error("an object named Function and functions must be two classes with one key")
	}

	b, add = withRoot()
	first, second := add("native", "<p>", 8), add("native", "<p>", 8)
	b.Set(second, "name", b.String("<p>"))
	if v := view(t, b); v.Class(first) != v.Class(second) {
		t.Error("elements must be one class whatever the string is")
	}

	b, add = withRoot()
	one, two := add("object", "Located", 8), add("object", "Located", 8)
	b.Set(two, "name", b.String("Located"))
	b.Location(one, 1, 2, 3)
	b.Location(two, 1, 2, 3)
	if v := view(t, b); v.Class(one) != v.Class(two) {
		t.Error("objects of one place and name must be one class whatever the string is")
	}
}

func TestRootAtTheEnd(t *testing.T) {
	b := testheap.New()
	var objects []heap.Node
	holder := b.Node("object", "Holder", 8)
	for range 3 {
		objects = append(objects, b.Node("object", "Object", 8))
	}
	root := b.Node("synthetic", "", 0)
	b.Header["root_index"] = int(root) * len(b.Format.NodeFields)
	b.Edge(root, "internal", "x", holder)
	for _, o := range objects {
		b.Edge(holder, "property", "p", o)
		b.Edge(o, "property", "a", holder)
	}
	// DevTools looks for interfaces from the root on.
	if v := view(t, b); v.ClassName(objects[0]) != "Object" || len(v.Interfaces()) > 0 {
		t.Errorf("class %q, interfaces %v, want Object and none", v.ClassName(objects[0]), v.Interfaces())
	}
}

// TestDerivation: what is kept in the index is what was computed.
func TestDerivation(t *testing.T) {
	b, add := withRoot()
	for i := range 20 {
		o := add("object", "Object", 16)
		b.Edge(o, "property", []string{"a", "b,c", "é", ""}[i%4], 0)
		b.Location(add("object", "Session", 24), 5, int64(i%2), 1)
		add("string", "text", 8)
	}
	s := b.Open(t)
	want, err := New(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	finish, err := ClassDerivation().Build(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	data, err := finish(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	classes, ok := decodeClassification(data, s.NodeCount())
	if !ok {
		t.Fatal("decode failed")
	}
	got := &View{snap: s, classes: classes}
	wantRows, _ := want.Summary(t.Context(), nil)
	gotRows, _ := got.Summary(t.Context(), nil)
	if !slices.Equal(wantRows, gotRows) {
		t.Errorf("summary %v, want %v", gotRows, wantRows)
	}
	if !slices.EqualFunc(want.Interfaces(), got.Interfaces(), func(a, b Interface) bool {
		return a.Name == b.Name && a.Count == b.Count && slices.Equal(a.Properties, b.Properties)
	}) {
		t.Errorf("interfaces %v, want %v", got.Interfaces(), want.Interfaces())
	}
	if got.Statistics() != want.Statistics() || got.MaxJSObjectID() != want.MaxJSObjectID() {
		t.Error("statistics or greatest id differ")
	}
	for n := range heap.Node(s.NodeCount()) {
		if got.ClassKey(n) != want.ClassKey(n) {
			t.Errorf("node %d: key %q, want %q", n, got.ClassKey(n), want.ClassKey(n))
		}
	}
	if _, ok := decodeClassification(data, s.NodeCount()+1); ok {
		t.Error("classes of another snapshot were taken")
	}
	for _, cut := range []int{0, 8, 100, len(data) / 2, len(data) - 1} {
		if _, ok := decodeClassification(data[:cut], s.NodeCount()); ok {
			t.Errorf("%d of %d bytes were taken", cut, len(data))
		}
	} // Bytes that have changed: nothing that is read is out of bounds.
	damaged := slices.Clone(data)
	for i := range damaged {
		damaged[i] ^= 0xFF
		if c, ok := decodeClassification(damaged, s.NodeCount()); ok {
			damagedView := &View{snap: s, classes: c}
			if _, err := damagedView.Summary(t.Context(), nil); err != nil {
				t.Error(err)
			}
		}
		damaged[i] ^= 0xFF
	}
}
