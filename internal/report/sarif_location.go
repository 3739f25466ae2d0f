package report

import (
	"net/url"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/plumb-dev/plumb/internal/leak"
)

type (
	sarifLocation struct {
		ID       int           `json:"id,omitempty"`
		Physical sarifPhysical `json:"physicalLocation"`
		Message  *sarifText    `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI  string `json:"uri"`
		Base string `json:"uriBaseId,omitempty"`
	}
	sarifRegion struct {
		Line   int `json:"startLine"`
		Column int `json:"startColumn,omitempty"`
	}
)

// sourceRoot is the name that code hosts give the top of a checkout.
const sourceRoot = "%SRCROOT%"

// sarifLocations is where the mistake is, and where what leaks comes from.
// GitHub refuses a result without a location: when the source is not known it
// is the snapshot that shows it.
func (r *Report) sarifLocations(f *leak.Finding) (at, related []sarifLocation) {
	declared, made := f.Declared, f.Made
	if declared.File == "" {
		declared, made = made, leak.Place{}
	}
	if declared.File == "" && len(r.Files) > 0 {
		declared.File = r.Files[len(r.Files)-1]
	}
	if declared.File == "" {
		return []sarifLocation{}, nil
	}
	if made.File != "" {
		l := r.sarifLocation(made)
		l.ID, l.Message = 1, &sarifText{sarifMessage("Where " + memberWord(f, 2) + " come from.")}
		related = append(related, l)
	}
	return []sarifLocation{r.sarifLocation(declared)}, related
}

func (r *Report) sarifLocation(p leak.Place) sarifLocation {
	l := sarifLocation{Physical: sarifPhysical{Artifact: r.sarifArtifact(p.File)}}
	if p.Line > 0 {
		l.Physical.Region = &sarifRegion{Line: p.Line, Column: max(p.Column, 0)}
	}
	return l
}

// scheme is how a URL begins; one letter is a drive of Windows.
var scheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]+:`)

// sarifArtifact names a file the way code hosts want it: relative to the top of
// the checkout when it is below it.
func (r *Report) sarifArtifact(file string) sarifArtifact {
	below := strings.TrimPrefix(file, r.Root)
	switch {
	case filepath.IsAbs(below):
		return sarifArtifact{URI: fileURI(below)}
	case scheme.MatchString(below):
		if u, err := url.Parse(below); err == nil {
			return sarifArtifact{URI: u.String()}
		}
		return sarifArtifact{URI: (&url.URL{Scheme: "unknown", Opaque: url.PathEscape(below)}).String()}
	case r.Root != "":
		return sarifArtifact{URI: (&url.URL{Path: filepath.ToSlash(below)}).String(), Base: sourceRoot}
	default:
		return sarifArtifact{URI: (&url.URL{Path: filepath.ToSlash(below)}).String()}
	}
}

func fileURI(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/app
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}
