package report

import (
	"encoding/json"
	"io"

	"github.com/plumb-dev/plumb/internal/leak"
)

// json is the result with the files it is about and the verdict's sentence.
func (r *Report) json(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if r.JSON != nil {
		return enc.Encode(r.JSON)
	}
	return enc.Encode(struct {
		Summary string   `json:"summary"`
		Files   []string `json:"files"`
		*leak.Result
	}{r.sentence(), r.Files, r.Result})
}
