package monitor

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// Kinds of failure, for errors.Is.
var (
	ErrConfig  = errors.New("the configuration is not valid")
	ErrTaken   = errors.New("another process uses it")
	ErrExposed = errors.New("others than this machine reach it, and nothing protects it")
)

// Error is a failure of this package with what can be done about it.
type Error struct {
	Op   string // what was tried, on what: "load prometheus.yml"
	Err  error  // wraps one of the kinds, where there is one
	Hint string
}

func (e *Error) Error() string { return e.Op + ": " + e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// Advice is the hint, for whoever shows errors.
func (e *Error) Advice() string { return e.Hint }

// configError words what is wrong in a file. The YAML libraries put each fault on a
// line of its own, below a heading that says nothing, and repeat both.
func configError(file string, err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return &Error{"load " + file, err, "give the path of a file that this user can read"}
	}
	var faults []string
	places := map[string]bool{}
	for line := range strings.Lines(err.Error()) {
		fault := strings.TrimSpace(line)
		for _, heading := range []string{"parsing YAML file " + file + ": ", file + ": ", "yaml: "} {
			fault = strings.TrimPrefix(fault, heading)
		}
		place, _, hasPlace := strings.Cut(fault, ": ")
		hasPlace = hasPlace && strings.HasPrefix(place, "line ")
		if fault == "unmarshal errors:" || hasPlace && places[place] {
			continue
		}
		places[place] = true
		faults = append(faults, fault)
	}
	text := strings.Join(faults, "; ")
	return &Error{"load " + file, fmt.Errorf("%w: %s", ErrConfig, text), configHint(text)}
}

func configHint(text string) string {
	switch {
	case strings.Contains(text, "_sd_configs not found in type"):
		return "plumb monitor finds targets by static_, file_sd_, http_sd_, dns_sd_ and plumb_sd_configs; for other ways run Prometheus itself"
	case strings.Contains(text, "not found in type"):
		return "a field is misspelt or stands in the wrong place: look at its indentation"
	case strings.Contains(text, "parse error"):
		return "mend the expression; 1:5 is line and column inside it"
	default:
		return "mend the file, and check it with --check"
	}
}
