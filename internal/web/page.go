package web

import (
	"embed"
	"net/http"
	"path"
	"strings"

	"github.com/vearutop/statigz"
)

// dist is the build of ui, compressed: index.html, and assets with a hash in their names.
//
//go:embed all:dist
var dist embed.FS

// policy lets the page run its own files and nothing else. Styles may be inline: the
// components measure and place things by style attributes.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"font-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"

// page answers with files of dist. Every other path is a view of the page, which
// finds out by itself which: it is answered with index.html.
func page() http.Handler {
	server := statigz.FileServer(dist, func(s *statigz.Server) { s.FSPrefix = "dist" })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("X-Content-Type-Options", "nosniff")
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if strings.HasPrefix(name, "assets/") {
			header.Set("Cache-Control", "public, max-age=31536000, immutable")
			server.ServeHTTP(w, r)
			return
		}
		if strings.HasPrefix(name, "api/") {
			http.NotFound(w, r)
			return
		}
		header.Set("Cache-Control", "no-cache")
		if name == "index.html" || name == "assets" || !server.Found(r) {
			r = r.Clone(r.Context())
			r.URL.Path = "/"
		}
		server.ServeHTTP(w, r)
	})
}
