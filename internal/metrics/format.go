package metrics

import (
	"mime"
	"strconv"
	"strings"
)

// The forms of a scrape.
const (
	plainText   = "text/plain; version=0.0.4; charset=utf-8"
	openMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8"
)

// wantsOpen tells whether an Accept header likes OpenMetrics no less than plain
// text.
func wantsOpen(accept string) bool {
	var open, plain float64
	for part := range strings.SplitSeq(accept, ",") {
		form, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		q := 1.0
		if text, given := params["q"]; given {
			if q, err = strconv.ParseFloat(text, 64); err != nil {
				continue
			}
		}
		version := params["version"]
		switch {
		case form == "application/openmetrics-text" && (version == "" || version == "1.0.0"):
			open = max(open, q)
		case form == "text/plain", form == "text/*", form == "*/*":
			plain = max(plain, q)
		}
	}
	return open > 0 && open >= plain
}
