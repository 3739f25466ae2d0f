package record

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/go-sourcemap/sourcemap"

	"github.com/plumb-dev/plumb/internal/inspector"
	"github.com/plumb-dev/plumb/internal/lab"
)

// sourceMap leads from a script to the files that it was made of.
type sourceMap struct {
	consumer *sourcemap.Consumer
	files    map[string]int // position in files.list + 1, by the source's name
}

// addMap reads the source map of a script, if it has one that can be read: inline
// or in a file beside it. Without one the script itself is shown.
func (f *files) addMap(script inspector.Script, text string) {
	address := script.SourceMapURL
	if at := strings.LastIndex(text, "//# sourceMappingURL="); address == "" && at >= 0 {
		address, _, _ = strings.Cut(text[at+len("//# sourceMappingURL="):], "\n")
	}
	if address == "" {
		return
	}
	folder := filepath.Dir(filepath.Join(f.folder, filepath.FromSlash(f.name(script.URL))))
	content, err := mapText(folder, strings.TrimSpace(address))
	if err != nil {
		return
	}
	consumer, err := sourcemap.Parse("", content)
	if err != nil {
		return
	}
	m := &sourceMap{consumer: consumer, files: map[string]int{}}
	for _, name := range sourcesOf(content) {
		file := name
		if !filepath.IsAbs(file) {
			file = filepath.Join(folder, filepath.FromSlash(name))
		}
		source := consumer.SourceContent(name)
		if source == "" {
			onDisk, err := os.ReadFile(file)
			if err != nil {
				continue
			}
			source = string(onDisk)
		}
		shown := f.name(file)
		if shown == "" {
			shown = name
		}
		f.list = append(f.list, lab.File{Name: shown, Source: source})
		m.files[name] = len(f.list)
	}
	f.maps[script.ScriptID] = m
}

// mapText is the JSON behind the address of a source map.
func mapText(folder, address string) ([]byte, error) {
	if data, inline := strings.CutPrefix(address, "data:"); inline {
		_, encoded, _ := strings.Cut(data, ",")
		return base64.StdEncoding.DecodeString(encoded)
	}
	file, err := url.PathUnescape(address)
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(folder, filepath.FromSlash(file)))
}

// typescript is the text of a file whose types Node.js has blanked out: what is
// left stands where it stood.
func (f *files) typescript(name string) (string, bool) {
	switch filepath.Ext(name) {
	case ".ts", ".mts", ".cts":
		text, err := os.ReadFile(filepath.Join(f.folder, filepath.FromSlash(name)))
		return string(text), err == nil
	}
	return "", false
}

// sourcesOf are the names of the sources in a map, with the map's root before
// them, as the consumer gives them.
func sourcesOf(content []byte) []string {
	var m struct {
		Root    string   `json:"sourceRoot"`
		Sources []string `json:"sources"`
	}
	if json.Unmarshal(content, &m) != nil {
		return nil
	}
	if m.Root != "" {
		for i, name := range m.Sources {
			m.Sources[i] = path.Join(m.Root, name)
		}
	}
	return m.Sources
}
