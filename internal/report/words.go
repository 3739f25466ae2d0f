package report

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/plumb-dev/plumb/internal/leak"
)

// says is one finding in one sentence.
func (r *Report) says(f *leak.Finding) string { return r.saysOf(f, subject(f)) }

// saysOf is says with a name of the caller's.
func (r *Report) saysOf(f *leak.Finding, name string) string {
	if f.Sizes() {
		return r.saysSize(f, name)
	}
	if f.PerRequest > 0 {
		return fmt.Sprintf("%s %s %.2f %s per request", name, verb(f), f.PerRequest, memberWord(f, 1))
	}
	grown := f.Counts[len(f.Counts)-1] - f.Counts[0]
	return fmt.Sprintf("%s %s %s more %s", name, verb(f), thousands(grown), memberWord(f, grown))
}

// verb goes with [subject].
func verb(f *leak.Finding) string {
	if isListeners(f) || isTimers(f) {
		return "keep"
	}
	return "keeps"
}

// saysSize is one finding of an object that gets larger.
func (r *Report) saysSize(f *leak.Finding, name string) string {
	if f.PerRequest > 0 {
		return fmt.Sprintf("%s gets larger by %s per request", name, r.size(uint64(f.PerRequest)))
	}
	return fmt.Sprintf("%s got larger by %s", name, r.size(uint64(f.Counts[len(f.Counts)-1]-f.Counts[0])))
}

// subject names what grows the way a programmer would.
func subject(f *leak.Finding) string {
	switch {
	case isListeners(f):
		return listeners(clean(f.Container.Name))
	case isTimers(f):
		return timers(f)
	case f.Variable != "":
		return clean(f.Container.Name)
	case f.Made.Function != "":
		return "something that " + clean(f.Made.Function) + "() makes"
	default:
		return article(clean(f.Container.Class))
	}
}

func isListeners(f *leak.Finding) bool {
	return f.Cause == leak.Listener && f.Variable != ""
}

func isTimers(f *leak.Finding) bool {
	return f.Variable == "" && (f.Cause == leak.Timer || f.Cause == leak.AsyncStorage)
}

// An emitter's table of listeners: bus._events.change, bus._events["a b"].
var events = regexp.MustCompile(`^(.+?)\._events(?:\.([^.\[]+)|\["(.*)"\]|\[([^\]]+)\])?$`)

// listeners turns the way to an emitter's listeners into words.
func listeners(access string) string {
	m := events.FindStringSubmatch(access)
	if m == nil {
		return access + "'s listeners"
	}
	event := m[2] + m[3] + m[4]
	if event == "" || event == "x" && m[4] != "" {
		return m[1] + "'s listeners"
	}
	return fmt.Sprintf("%s's %q listeners", m[1], event)
}

// timers says where timers come from: a hunt knows the function that sets
// them, snapshots that of the callback or the one around it.
func timers(f *leak.Finding) string {
	at, verb := f.Made, "of"
	if f.Allocated != nil && f.Allocated.Function != "" {
		at, verb = *f.Allocated, "set in"
	}
	where := ""
	if at.File != "" && at.Line > 0 {
		where = fmt.Sprintf("%s:%d", path.Base(clean(at.File)), at.Line)
	}
	switch {
	case at.Function != "" && where != "":
		return fmt.Sprintf("timers %s %s() (%s)", verb, clean(at.Function), where)
	case at.Function != "":
		return fmt.Sprintf("timers %s %s()", verb, clean(at.Function))
	case where != "":
		return "timers of " + where
	default:
		return "timers"
	}
}

// memberWord is the class of the members with a noun.
func memberWord(f *leak.Finding, n int) string {
	class := clean(f.Member.Class)
	name, isFunction := strings.CutPrefix(class, "function ")
	noun := "object"
	switch {
	case class == "anonymous function" || isFunction && name == "native_bind":
		noun, class = "function", ""
	case isFunction:
		noun, class = "function", name
	case class == "Object":
		class = ""
	case class == "concatenated string":
		noun, class = "string", ""
	case strings.HasSuffix(class, "string") || class == "symbol" || class == "bigint" || class == "number" || class == "boolean" || class == "property" || class == "entry" || class == "element":
		noun, class = class, ""
	case isTimers(f) && (class == "Timeout" || class == "Immediate"):
		noun, class = class, ""
	}
	if n != 1 {
		if stem, ok := strings.CutSuffix(noun, "y"); ok {
			noun = stem + "ie"
		}
		noun += "s"
	}
	return strings.TrimSpace(class + " " + noun)
}

// article puts a or an before a class.
func article(class string) string {
	switch {
	case class == "Object":
		return "an object"
	case class != "" && strings.ContainsRune("AEIOaeio", rune(class[0])):
		return "an " + class
	default:
		return "a " + class
	}
}
