// Package exhibit is small programs that leak, each beside its fix, with a page of
// text and a prediction of how much a call leaves behind; and it runs both on a
// real Node.js and measures.
//
// Terms:
//   - A call is one run of a program's function, as of a request.
//   - A round is a number of calls, after which garbage is collected until the
//     memory settles, and then read.
//   - The growth of a program is what a call leaves behind, in bytes: the median of the
//     slopes between any two rounds, without the first, in which code is compiled and
//     caches are filled.
//   - The signal of an exhibit is where its growth shows: in the heap, or in
//     external memory, which a look at the heap alone misses.
package exhibit

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
)

// Exhibit is a leak and its fix.
type Exhibit struct {
	Name      string `json:"name"`
	Title     string `json:"title"`
	Predicted int    `json:"predicted"` // bytes a call of the leaky program leaves behind
	Signal    Signal `json:"signal"`
	Lint      string `json:"lint,omitempty"`    // the rule of plumb lint for it
	Command   string `json:"command,omitempty"` // that finds it in a running program
	LessFrom  *Less  `json:"lessFrom,omitempty"`
	Leaky     string `json:"leaky"`
	Fixed     string `json:"fixed"`
	Page      string `json:"page"` // Markdown
}

// Signal is where growth shows.
type Signal string

// The signals.
const (
	Heap     Signal = "heap"     // heapUsed
	External Signal = "external" // which has the memory of buffers
)

// Less is another prediction, from a version of Node.js on.
type Less struct {
	Major     int `json:"major"`
	Predicted int `json:"predicted"`
}

// For is the prediction for a version of Node.js, by its major number.
func (e *Exhibit) For(major int) int {
	if e.LessFrom != nil && major >= e.LessFrom.Major {
		return e.LessFrom.Predicted
	}
	return e.Predicted
}

//go:embed programs
var programs embed.FS

// names are the exhibits in the order in which they are read.
var names = []string{
	"global-array", "accidental-global", "global-store", "closure", "interval", "timer-samples", "listeners", "instances-listen", "map-cache",
	"pending-promise", "promise-race", "async-local-storage", "async-hooks", "shared-context",
	"weakref-registry", "buffer-slice", "buffer-pool", "string-slice", "abort-signal", "cycle",
}

// All lists the exhibits.
func All() ([]Exhibit, error) {
	var all []Exhibit
	for _, name := range names {
		e, err := load(name)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// Find finds an exhibit by its name.
func Find(name string) (Exhibit, bool, error) {
	for _, known := range names {
		if known == name {
			e, err := load(name)
			return e, true, err
		}
	}
	return Exhibit{}, false, nil
}

func load(name string) (Exhibit, error) {
	e := Exhibit{Name: name}
	text := func(file string) (string, error) {
		b, err := programs.ReadFile("programs/" + name + "/" + file)
		return string(b), err
	}
	meta, err := text("exhibit.json")
	if err != nil {
		return e, err
	}
	if err := json.NewDecoder(strings.NewReader(meta)).Decode(&e); err != nil {
		return e, fmt.Errorf("read exhibit %s: %w", name, err)
	}
	for file, to := range map[string]*string{"leaky.js": &e.Leaky, "fixed.js": &e.Fixed, "page.md": &e.Page} {
		if *to, err = text(file); err != nil {
			return e, err
		}
	}
	return e, nil
}
