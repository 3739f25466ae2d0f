package script

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/plumb-dev/plumb/internal/load"
)

// har is the part of an HTTP Archive (HAR 1.2) that tells what was sent.
type har struct {
	Log struct {
		Entries []struct {
			Request harRequest `json:"request"`
		} `json:"entries"`
	} `json:"log"`
}

type harRequest struct {
	Method  string `json:"method"`
	URL     string `json:"url"`
	Headers []struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"headers"`
	PostData *struct {
		MimeType string `json:"mimeType"`
		Text     string `json:"text"`
	} `json:"postData"`
}

// ofConnection are headers that belong to the connection of the recording.
var ofConnection = []string{"Host", "Connection", "Content-Length", "Transfer-Encoding", "Keep-Alive", "Upgrade", "Te"}

// parseHAR takes the requests to the host that the recording began with, which
// is the page's, and sends them to base instead.
func parseHAR(data []byte, base *url.URL) (*Script, error) {
	var archive har
	if err := json.Unmarshal(data, &archive); err != nil {
		return nil, fmt.Errorf("read HAR: %w", err)
	}
	s := &Script{}
	origin := ""
	for _, entry := range archive.Log.Entries {
		r := entry.Request
		u, err := url.Parse(r.URL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" {
			s.Skipped++
			continue
		}
		if origin == "" {
			origin = u.Host
		}
		if u.Host != origin {
			s.Skipped++
			continue
		}
		t := load.Target{Method: r.Method, URL: base.Scheme + "://" + base.Host + u.RequestURI(), Header: http.Header{}}
		for _, h := range r.Headers {
			name := http.CanonicalHeaderKey(h.Name)
			if strings.HasPrefix(h.Name, ":") || slices.Contains(ofConnection, name) {
				continue
			}
			t.Header.Add(name, h.Value)
		}
		if r.PostData != nil {
			t.Body = []byte(r.PostData.Text)
			if t.Header.Get("Content-Type") == "" && r.PostData.MimeType != "" {
				t.Header.Set("Content-Type", r.PostData.MimeType)
			}
		}
		s.Targets = append(s.Targets, t)
	}
	return s, nil
}
