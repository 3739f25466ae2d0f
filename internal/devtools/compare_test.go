package devtools

import (
	"slices"
	"testing"

	"github.com/plumb-dev/plumb/internal/testheap"
)

// object is a node of one side of a comparison.
type object struct {
	id         int
	class      string
	size       uint64
	properties []string
}

func compareObjects(t *testing.T, base, target []object) []DiffRow {
	t.Helper()
	side := func(objects []object) *View {
		b, add := withRoot()
		value := add("string", "value", 0)
		b.Set(value, "id", 3)
		for _, o := range objects {
			n := add("object", o.class, o.size)
			b.Set(n, "id", o.id)
			for _, p := range o.properties {
				b.Edge(n, "property", p, value)
			}
		}
		return view(t, b)
	}
	rows, err := Compare(t.Context(), side(base), side(target))
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		rows[i].Added, rows[i].Removed = nil, nil
	}
	return rows
}

func TestCompare(t *testing.T) {
	got := compareObjects(t,
		[]object{
			{id: 11, class: "Gone", size: 8},
			{id: 13, class: "Stays", size: 8},
			{id: 15, class: "Renamed", size: 8},
			{id: 17, class: "Mixed", size: 8},
			{id: 19, class: "Mixed", size: 10},
			{id: 21, class: "Empty", size: 0},
		},
		[]object{
			{id: 13, class: "Stays", size: 800},
			{id: 15, class: "Other", size: 9},
			{id: 25, class: "Mixed", size: 2},
			{id: 18, class: "Mixed", size: 1},
			{id: 19, class: "Mixed", size: 10},
			{id: 27, class: "Empty", size: 0},
		})
	want := []DiffRow{
		{Key: ",Other", Name: "Other", New: 1, Delta: 1, AllocSize: 9, SizeDelta: 9},
		{Key: ",Mixed", Name: "Mixed", New: 2, Deleted: 1, Delta: 1, AllocSize: 3, FreedSize: 8, SizeDelta: -5},
		{Key: ",Gone", Name: "Gone", Deleted: 1, Delta: -1, FreedSize: 8, SizeDelta: -8},
		{Key: ",Renamed", Name: "Renamed", Deleted: 1, Delta: -1, FreedSize: 8, SizeDelta: -8},
	}
	if !slices.EqualFunc(got, want, sameRow) {
		t.Errorf("rows\n%+v, want\n%+v", got, want)
	}
}

// TestCompareInterfaces: the base goes by the target's interfaces, but a class
// that only the base has is called what it is called there.
func TestCompareInterfaces(t *testing.T) {
	got := compareObjects(t,
		[]object{
			{id: 11, class: "Object", size: 8, properties: []string{"a", "b"}},
			{id: 13, class: "Object", size: 8, properties: []string{"a", "b"}},
			{id: 15, class: "Object", size: 8, properties: []string{"c"}},
			{id: 17, class: "Object", size: 8, properties: []string{"c"}},
		},
		[]object{
			{id: 11, class: "Object", size: 8, properties: []string{"a"}},
			{id: 19, class: "Object", size: 8, properties: []string{"a"}},
		})
	want := []DiffRow{
		{Key: ",{a}", Name: "{a}", New: 1, Deleted: 1, AllocSize: 8, FreedSize: 8},
		{Key: ",Object", Name: "{c}", Deleted: 2, Delta: -2, FreedSize: 16, SizeDelta: -16},
	}
	if !slices.EqualFunc(got, want, sameRow) {
		t.Errorf("rows\n%+v, want\n%+v", got, want)
	}
}

func sameRow(a, b DiffRow) bool {
	a.Added, a.Removed, b.Added, b.Removed = nil, nil, nil, nil
	return a.Key == b.Key && a.Name == b.Name && a.New == b.New && a.Deleted == b.Deleted && a.Delta == b.Delta &&
		a.AllocSize == b.AllocSize && a.FreedSize == b.FreedSize && a.SizeDelta == b.SizeDelta
}

func TestSameProcess(t *testing.T) {
	snapshot := func(first int, names ...string) *testheap.Builder {
		b, add := withRoot()
		for i := range 200 {
			b.Set(add("object", names[i%len(names)], 8), "id", first+2*i)
		}
		return b
	}
	for _, test := range []struct {
		target      *testheap.Builder
		same, known bool
	}{
		{snapshot(101, "A", "B", "C"), true, true},
		{snapshot(101, "A", "C", "B"), false, true},
		{snapshot(301, "A", "B", "C"), false, true}, // shifted by 100 of them
		{snapshot(50_001, "A", "B", "C"), true, false},
	} {
		same, known := SameProcess(snapshot(101, "A", "B", "C").Open(t), test.target.Open(t))
		if known != test.known || known && same != test.same {
			t.Errorf("same %v, known %v, want %v, %v", same, known, test.same, test.known)
		}
	}
}
