// Package problem is how the API tells of a failure: RFC 9457's problem details, in
// the words that the command line has, too: what failed, and a hint what to do.
package problem

import (
	"encoding/json"
	"net/http"
)

// Problem is a failed request. It is an error of huma's kind: it knows its status.
type Problem struct {
	Status int    `json:"status" doc:"HTTP status"`
	Title  string `json:"title" doc:"the status in words"`
	Detail string `json:"detail" doc:"what failed, on what, and why"`
	Hint   string `json:"hint,omitempty" doc:"what to do about it"`
}

// New makes a problem of what failed.
func New(status int, err error, hint string) *Problem {
	return &Problem{status, http.StatusText(status), err.Error(), hint}
}

// Write answers a request that huma does not see.
func (p *Problem) Write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}

func (p *Problem) Error() string { return p.Detail }

// GetStatus is for huma.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is for huma.
func (*Problem) ContentType(string) string { return "application/problem+json" }
