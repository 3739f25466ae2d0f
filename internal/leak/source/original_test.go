package source

import (
	"encoding/base64"
	"os"
	"testing"
)

// smallMap maps the a of "var a=1" to the name total in line 3 of src/app.ts.
const smallMap = `{"version":3,"sources":["src/app.ts"],"names":["total"],"mappings":"IAEIA"}`

func TestOriginal(t *testing.T) {
	inline := "data:application/json;charset=utf-8;base64," + base64.StdEncoding.EncodeToString([]byte(smallMap))
	files := map[string]string{
		"/srv/inline.js":          "var a=1\n//# sourceMappingURL=" + inline,
		"/srv/dist/file.js":       "var a=1\n//# sourceMappingURL=../maps/file%20map.json\n",
		"/srv/maps/file map.json": smallMap,
		"/srv/plain.js":           "var a=1\n",
		"/srv/broken.js":          "var a=1\n//# sourceMappingURL=data:application/json;base64,!",
		"/srv/gone.js":            "var a=1\n//# sourceMappingURL=gone.js.map",
	}
	r := NewReader(func(path string) ([]byte, error) {
		if text, ok := files[path]; ok {
			return []byte(text), nil
		}
		return nil, os.ErrNotExist
	})
	for path, want := range map[string]Origin{
		"/srv/inline.js":    {Path: "/srv/src/app.ts", Line: 3, Column: 5, Name: "total"},
		"/srv/dist/file.js": {Path: "/srv/maps/src/app.ts", Line: 3, Column: 5, Name: "total"},
		"/srv/plain.js":     {},
		"/srv/broken.js":    {},
		"/srv/gone.js":      {},
	} {
		got, ok := r.File(path, nil).Original(1, 5)
		if got != want || ok != (want.Line > 0) {
			t.Errorf("%s: %+v, want %+v", path, got, want)
		}
	}
}

// TestPositions holds that columns are UTF-16 units.
func TestPositions(t *testing.T) {
	f := NewReader(nil).File("a.js", func() string { return "// \n'\U0001F600é', a" })
	at := f.Offset(2, 8)
	if got := f.Text[at:]; got != "a" {
		t.Errorf("column 8 is %q", got)
	}
	if line, column := f.Position(at); line != 2 || column != 8 {
		t.Errorf("back at %d:%d", line, column)
	}
}
