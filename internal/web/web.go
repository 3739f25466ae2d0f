// Package web is the page of plumb and its HTTP API.
//
// The page is one program for the browser (its source is in ui, its build in dist,
// inside the binary) that shows what the server behind it has: snapshots, findings,
// programs that run, Prometheus' data. Each of these is a [Part] of the API with a
// package of its own below this one; a [Site] is the parts of one server.
//
// The API is described by an OpenAPI document (openapi.json here, /api/openapi.json
// in a server), from which the page's types are made. Prometheus' and Alertmanager's
// own APIs are not part of it: a site passes them on as they are.
//
// Who may ask is package guard's matter; how a failure is told, package problem's.
// The page itself has no secret, so it goes to anyone who asks for it on this machine.
package web

import (
	"net/http"
	"path"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// Part is a group of operations that some servers have and others have not.
type Part interface {
	// Name is how the page knows the part, such as "snapshots".
	Name() string
	// Register adds the operations, below /api/.
	Register(api huma.API)
}

// Site is what one server shows.
type Site struct {
	Version string
	Parts   []Part

	// Raw are handlers of their own below a path, such as Prometheus' "/api/v1/".
	Raw map[string]http.Handler
}

// Handler answers the API below /api/, and the page everywhere else. It asks nobody
// who they are: see package guard.
func (s *Site) Handler() http.Handler {
	mux := http.NewServeMux()
	s.register(mux)
	for path, handler := range s.Raw {
		mux.Handle(path, handler)
	}
	mux.Handle("/", page())
	return mux
}

// OpenAPI describes the API.
func (s *Site) OpenAPI() *huma.OpenAPI {
	return s.register(http.NewServeMux()).OpenAPI()
}

func (s *Site) register(mux *http.ServeMux) huma.API {
	config := huma.DefaultConfig("plumb", "1")
	config.OpenAPIPath = "/api/openapi"
	config.DocsPath = ""    // its page comes from another host
	config.SchemasPath = "" // they are in the document
	config.CreateHooks = nil
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	api := humago.New(mux, config)
	s.registerAbout(api)
	for _, p := range s.Parts {
		p.Register(api)
	}
	return api
}

// schemaName names a type in the document. The parts show types of many rooms, where
// several may have a Frame: one that is not the web's own has its package's name before.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	room := path.Base(t.PkgPath())
	if t.Name() == "" || strings.Contains(t.PkgPath(), "/internal/web") || !strings.Contains(t.PkgPath(), "/plumb/") || strings.HasPrefix(strings.ToLower(name), room) {
		return name
	}
	first, size := utf8.DecodeRuneInString(room)
	return string(unicode.ToUpper(first)) + room[size:] + name
}
