package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// About is what the page asks first: what there is to show.
type About struct {
	Version string   `json:"version" doc:"version of plumb"`
	Parts   []string `json:"parts" nullable:"false" doc:"parts of the API that this server has"`
}

type aboutOutput struct{ Body About }

func (s *Site) registerAbout(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "about", Method: http.MethodGet, Path: "/api/about", Summary: "What this server shows",
	}, func(context.Context, *struct{}) (*aboutOutput, error) {
		about := About{Version: s.Version, Parts: []string{}}
		for _, p := range s.Parts {
			about.Parts = append(about.Parts, p.Name())
		}
		if s.Raw["/api/v1/"] != nil {
			about.Parts = append(about.Parts, "prometheus")
		}
		if s.Raw["/api/v2/"] != nil {
			about.Parts = append(about.Parts, "alertmanager")
		}
		slices.Sort(about.Parts)
		return &aboutOutput{about}, nil
	})
}
