package watchcmd

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/diagnosis/call"
	"github.com/plumb-dev/plumb/internal/report"
)

func handleFindings(mux *http.ServeMux, ui *terminal.UI, dir string, desk *call.Desk) {
	api := findingsAPI(ui, dir, desk)
	mux.Handle("/api/findings", api)
	mux.Handle("/api/findings/", api)
}

// findingsAPI answers what plumb findings --json prints: GET /api/findings and
// GET /api/findings/ID. A failure is an object with error and hint.
//
// Findings have paths and names of the program's source. A page in a browser of
// this machine could have its own name resolve to us (DNS rebinding) and read them:
// so only a request that names us by an address or as localhost is answered, and one
// that has the token of the desk.
func findingsAPI(ui *terminal.UI, dir string, desk *call.Desk) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/findings", func(w http.ResponseWriter, _ *http.Request) {
		answerFindings(w, dir, func(s *diagnosis.Store) error {
			all, err := s.List()
			if err != nil && len(all) == 0 {
				return err
			}
			return findingsTable(all).WriteJSON(w)
		})
	})
	mux.HandleFunc("GET /api/findings/{id}", func(w http.ResponseWriter, r *http.Request) {
		answerFindings(w, dir, func(s *diagnosis.Store) error {
			f, err := s.Find(r.PathValue("id"))
			if err != nil {
				return err
			}
			return reportOf(ui, f).Write(w, report.JSON)
		})
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if !namesUs(r.Host) && desk.Admit(r) != nil {
			refuse(w, http.StatusForbidden, fmt.Sprintf("findings are not for %q", r.Host), "ask by an address, as http://127.0.0.1, or as http://localhost, or with the token")
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// namesUs tells whether a Host header is an address or localhost: nobody can make
// those resolve to something else.
func namesUs(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return host == "localhost" || net.ParseIP(strings.Trim(host, "[]")) != nil
}

// answerFindings has answer write what a store says, or says what is wrong.
func answerFindings(w http.ResponseWriter, dir string, answer func(*diagnosis.Store) error) {
	store, err := openStore(dir, diagnosis.Budget{})
	if err == nil {
		err = answer(store)
	}
	switch {
	case err == nil:
	case errors.Is(err, diagnosis.ErrNoFinding):
		refuse(w, http.StatusNotFound, err.Error(), "see /api/findings for those that are there")
	default:
		refuse(w, http.StatusInternalServerError, err.Error(), strings.Join(terminal.HintsOf(err), "; "))
	}
}

func refuse(w http.ResponseWriter, code int, text, hint string) {
	w.WriteHeader(code)
	_ = terminal.WriteJSON(w, struct {
		Error string `json:"error"`
		Hint  string `json:"hint,omitempty"`
	}{text, hint})
}
