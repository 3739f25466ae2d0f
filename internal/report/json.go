package report

import (
	"encoding/json"
	"io"

	"github.com/plumb-dev/plumb/internal/leak"
)

// json is the result with the files it is about.
func (r *Report) json(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(struct {
		Files []string `json:"files"`
		*leak.Result
	}{r.Files, r.Result})
}
