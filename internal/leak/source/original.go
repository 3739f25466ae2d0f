package source

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"path"
	"strings"

	"github.com/go-sourcemap/sourcemap"
)

var errNoReader = errors.New("no source files can be read")

// Origin is a place in the text that a person wrote.
type Origin struct {
	Path         string
	Line, Column int    // from 1
	Name         string // what stands there, "" when that is unknown
}

// Mapped says whether the file has a source map that can be read.
func (f *File) Mapped() bool { return f.sourceMap() != nil }

// Origins are the files that this one was made of, as its source map lists them.
func (f *File) Origins() []string {
	if !f.Mapped() {
		return nil
	}
	var list struct {
		Root    string   `json:"sourceRoot"`
		Sources []string `json:"sources"`
	}
	data, _ := f.mapData()
	if json.Unmarshal(data, &list) != nil {
		return nil // an index of maps
	}
	var paths []string
	for _, s := range list.Sources {
		if list.Root != "" && !strings.Contains(s, ":") && !path.IsAbs(s) {
			s = strings.TrimSuffix(list.Root, "/") + "/" + s
		}
		paths = append(paths, f.sourcePath(s))
	}
	return paths
}

// Original follows the file's source map from a position (line and column from
// 1) to the text that it was made of; false when there is no map, or it says
// nothing of the place.
func (f *File) Original(line, column int) (Origin, bool) {
	c := f.sourceMap()
	if c == nil {
		return Origin{}, false
	}
	source, name, l, col, ok := c.Source(line, column-1)
	if !ok || source == "" {
		return Origin{}, false
	}
	o := Origin{Path: f.sourcePath(source), Line: l, Column: col + 1}
	if !f.mapsExactly(line, column-1, l, col) {
		return o, true // somewhere in what the place before was made of
	}
	// The map has names of what was renamed only, the source has them all.
	original := f.reader.File(o.Path, func() string { return c.SourceContent(source) })
	if at := original.Offset(o.Line, o.Column); at >= 0 {
		o.Name = original.wordAt(at)
	}
	if name != "" {
		o.Name = name
	}
	return o, true
}

// mapsExactly says whether the map has an entry for this column, not only for
// one before it.
func (f *File) mapsExactly(line, column, sourceLine, sourceColumn int) bool {
	if column == 0 {
		return true
	}
	_, _, l, col, ok := f.consumer.Source(line, column-1)
	return !ok || l != sourceLine || col != sourceColumn
}

// sourceMap reads the map that the last line of the file names.
func (f *File) sourceMap() *sourcemap.Consumer {
	if f.mapped {
		return f.consumer
	}
	f.mapped = true
	data, dir := f.mapData()
	if data == nil {
		return nil
	}
	if c, err := sourcemap.Parse("", data); err == nil {
		f.consumer, f.mapDir = c, dir
	}
	return f.consumer
}

// mapData is the JSON of the file's map, and the folder that it is in.
func (f *File) mapData() ([]byte, string) {
	const mark = "# sourceMappingURL="
	at := strings.LastIndex(f.Text, mark)
	if at < 0 {
		return nil, ""
	}
	ref, _, _ := strings.Cut(f.Text[at+len(mark):], "\n")
	ref = strings.TrimSpace(ref)
	if inline, ok := strings.CutPrefix(ref, "data:"); ok {
		return dataURL(inline), path.Dir(f.Path)
	}
	if name, err := url.PathUnescape(ref); err == nil {
		ref = name
	}
	if !path.IsAbs(ref) {
		ref = path.Join(path.Dir(f.Path), ref)
	}
	data, err := f.reader.bytes(ref)
	if err != nil {
		return nil, ""
	}
	return data, path.Dir(ref)
}

func dataURL(s string) []byte {
	head, body, _ := strings.Cut(s, ",")
	if strings.HasSuffix(head, ";base64") {
		data, err := base64.StdEncoding.DecodeString(body)
		if err != nil {
			return nil
		}
		return data
	}
	text, err := url.PathUnescape(body)
	if err != nil {
		return nil
	}
	return []byte(text)
}

// sourcePath is the file of a source as its map names it: relative to the map,
// or by a URL. Bundlers have schemes of their own (webpack://app/./src/a.js).
func (f *File) sourcePath(source string) string {
	if u, err := url.Parse(source); err == nil && u.Scheme != "" {
		if u.Scheme == "file" {
			return u.Path
		}
		return strings.TrimPrefix(path.Clean(u.Path), "/")
	}
	if path.IsAbs(source) {
		return source
	}
	return path.Join(f.mapDir, source)
}
