package devtools

import "testing"

func TestStatistics(t *testing.T) {
	b, add := withRoot()
	b.Header["extra_native_bytes"] = 1000
	add("hidden", "system / Map", 1)
	add("native", "div", 2)
	add("native", "system / JSArrayBufferData", 4)
	add("code", "f", 8)
	add("string", "a", 16)
	add("concatenated string", "b", 32)
	add("sliced string", "c", 64)
	add("closure", "Array", 128) // by name alone
	own, shared := add("object", "Array", 256), add("object", "Array", 512)
	elements, empty := b.Node("object", "elements", 2048), add("object", "elements", 4096)
	b.Edge(own, "internal", "elements", elements)
	b.Edge(shared, "internal", "elements", empty)
	got := view(t, b).Statistics()
	want := Statistics{
		Total:  1000 + 1 + 2 + 4 + 8 + 16 + 32 + 64 + 128 + 256 + 512 + 2048 + 4096,
		Native: 1000 + 2 + 4, TypedArrays: 4, Code: 8, Strings: 16 + 32 + 64,
		JSArrays: 128 + 256 + 512 + 2048, System: 1, OtherJS: 4096, OtherNonJS: 1000 + 2,
	}
	want.V8Heap = want.Total - want.Native
	if got != want {
		t.Errorf("statistics\n%+v, want\n%+v", got, want)
	}
}
