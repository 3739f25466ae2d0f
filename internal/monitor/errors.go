package monitor

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/plumb-dev/plumb/internal/monitor/fault"
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

// configError says what is wrong in a file, and where. Read reads such a file; it finds
// the place of what has none.
func configError(file string, err error, read func(text string) error) error {
	text, unreadable := os.ReadFile(file)
	if unreadable != nil {
		return &Error{"load " + file, unreadable, "give the path of a file that this user can read"}
	}
	again := func(text []byte) (list []string) {
		for _, one := range faultsIn(file, read(string(text))) {
			_, words := placed(one)
			list = append(list, words)
		}
		return list
	}
	var places []string
	for _, one := range faultsIn(file, err) {
		place, words := placed(one)
		if place == "" {
			if line := fault.Line(text, words, again); line > 0 {
				place = fmt.Sprintf(":%d", line)
			}
		}
		places = append(places, file+place+": "+words)
	}
	all := strings.Join(places, "; ")
	return &Error{"load the configuration", faults(all), configHint(all)}
}

// faults are what is wrong in a file, in words.
type faults string

func (f faults) Error() string      { return string(f) }
func (faults) Is(target error) bool { return target == ErrConfig }

// faultsIn are the faults in an error. The YAML libraries put each on a line of its own,
// below a heading that says nothing, and repeat both.
func faultsIn(file string, err error) []string {
	if err == nil {
		return nil
	}
	var list []string
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
		list = append(list, fault)
	}
	return list
}

// Two libraries say places: "line 3: " and "3:7: ", the second one also twice, and
// "0:0: " for one that it does not know.
var (
	lineBefore = regexp.MustCompile(`^line (\d+): `)
	spotBefore = regexp.MustCompile(`^(?:(\d+:\d+): )+`)
)

// placed parts a fault from its place, which is ":LINE" or ":LINE:COLUMN", or "".
func placed(fault string) (place, words string) {
	if at := lineBefore.FindStringSubmatch(fault); at != nil {
		return ":" + at[1], fault[len(at[0]):]
	}
	if at := spotBefore.FindStringSubmatch(fault); at != nil {
		if words = fault[len(at[0]):]; at[1] != "0:0" {
			place = ":" + at[1]
		}
		return place, words
	}
	return "", fault
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
