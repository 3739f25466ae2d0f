package sarif

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Location is a place in a file.
type Location struct {
	ID       int      `json:"id,omitempty"`
	Physical Physical `json:"physicalLocation"`
	Message  *Text    `json:"message,omitempty"`
}

// Physical is a file and a region of it.
type Physical struct {
	Artifact Artifact `json:"artifactLocation"`
	Region   *Region  `json:"region,omitempty"`
}

// Artifact is a file.
type Artifact struct {
	URI  string `json:"uri"`
	Base string `json:"uriBaseId,omitempty"`
}

// Region is where; lines and columns count from 1, 0 is unknown.
type Region struct {
	Line      int `json:"startLine"`
	Column    int `json:"startColumn,omitempty"`
	EndColumn int `json:"endColumn,omitempty"`
}

// sourceRoot is the name that code hosts give the top of a checkout.
const sourceRoot = "%SRCROOT%"

// Checkout is the top of the checkout that a folder is in, with a slash: code hosts
// count paths from there. A folder that is in none is its own.
func Checkout(folder string) string {
	if folder == "" {
		return ""
	}
	for dir := filepath.Clean(folder); ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			return strings.TrimSuffix(dir, string(filepath.Separator)) + string(filepath.Separator)
		}
		if filepath.Dir(dir) == dir {
			return folder
		}
	}
}

// At is a place in a file, the way code hosts want it: relative to root, the top
// of the checkout, when it is below it. Line 0 is the file as a whole.
func At(root, file string, region Region) Location {
	l := Location{Physical: Physical{Artifact: artifact(root, file)}}
	if region.Line > 0 {
		region.Column = max(region.Column, 0)
		l.Physical.Region = &region
	}
	return l
}

// scheme is how a URL begins; one letter is a drive of Windows.
var scheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]+:`)

func artifact(root, file string) Artifact {
	below := strings.TrimPrefix(file, root)
	switch {
	case filepath.IsAbs(below):
		return Artifact{URI: fileURI(below)}
	case scheme.MatchString(below):
		if u, err := url.Parse(below); err == nil {
			return Artifact{URI: u.String()}
		}
		return Artifact{URI: (&url.URL{Scheme: "unknown", Opaque: url.PathEscape(below)}).String()}
	case root != "":
		return Artifact{URI: (&url.URL{Path: filepath.ToSlash(below)}).String(), Base: sourceRoot}
	default:
		return Artifact{URI: (&url.URL{Path: filepath.ToSlash(below)}).String()}
	}
}

func fileURI(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/app
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}
