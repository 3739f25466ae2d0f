package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Chart shows how figures went from sample to sample, each on a scale of its
// own: what counts is the shape.
type Chart struct{ Series []Series }

// Series is one figure.
type Series struct {
	Name   string    `json:"name"`
	Values []float64 `json:"values"` // 2 at least
	Note   string    `json:"note"`   // what the shape means in numbers
}

// textChart draws each series as a row of blocks.
func textChart(w io.Writer, c *Chart) {
	longest := 0
	for _, s := range c.Series {
		longest = max(longest, utf8.RuneCountInString(s.Name))
	}
	for _, s := range c.Series {
		pad := strings.Repeat(" ", longest-utf8.RuneCountInString(s.Name))
		fmt.Fprintf(w, "  %s%s  %s  %s\n", s.Name, pad, s.spark(), s.Note)
	}
}

func (s *Series) spark() string {
	blocks := []rune("▁▂▃▄▅▆▇█")
	var b strings.Builder
	for _, v := range s.scaled() {
		b.WriteRune(blocks[int(v*float64(len(blocks)-1)+0.5)])
	}
	return b.String()
}

// scaled puts the values between 0 and 1. What varies by less than a hundredth
// is flat: noise drawn large would look like news.
func (s *Series) scaled() []float64 {
	low, high := s.Values[0], s.Values[0]
	for _, v := range s.Values {
		low, high = min(low, v), max(high, v)
	}
	reach := max(high-low, high/100)
	out := make([]float64, len(s.Values))
	for i, v := range s.Values {
		if reach > 0 {
			out[i] = (v - low) / reach
		}
	}
	return out
}
