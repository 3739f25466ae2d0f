package ecosystem

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// decoder turns the values of a file into apps.
type decoder struct {
	*source
	opts     Options
	path     string
	list     []any // the entries
	warnings []Warning
	envs     map[string]int // how many apps have each env_NAME
	without  []string       // apps without the one that was asked for
}

func (d *decoder) warn(p Position, app, field, message string) {
	d.warnings = append(d.warnings, Warning{p, app, field, message})
}

// file reads all apps; the warnings of those that were not asked for are
// nobody's concern.
func (d *decoder) file() (*File, error) {
	var err error
	if d.list, err = d.entries(); err != nil {
		return nil, err
	}
	d.envs = map[string]int{}
	f := &File{Path: d.path}
	names := map[string]bool{}
	for i, v := range d.list {
		before := len(d.warnings)
		a, err := d.app(i, v)
		if err != nil {
			return nil, err
		}
		if names[a.Name] {
			return nil, d.twice(i, a)
		}
		names[a.Name] = true
		if len(d.opts.Only) > 0 && !slices.Contains(d.opts.Only, a.Name) {
			d.warnings = d.warnings[:before]
			d.without = slices.DeleteFunc(d.without, func(name string) bool { return name == a.Name })
			continue
		}
		if err := d.finish(i, a); err != nil {
			return nil, err
		}
		f.Apps = append(f.Apps, *a)
	}
	for _, name := range d.opts.Only {
		if !names[name] {
			return nil, &Error{
				Position: Position{File: d.path}, Err: fmt.Errorf("no app %q", name),
				Hint: "there are: " + strings.Join(slices.Sorted(maps.Keys(names)), ", "),
			}
		}
	}
	if err := d.checkEnv(); err != nil {
		return nil, err
	}
	f.Warnings = d.warnings
	return f, nil
}

func (d *decoder) twice(index int, a *App) error {
	return &Error{
		Position: d.places.field(index, "name"), App: a.Name, Field: "name",
		Err:  errors.New("two apps have this name"),
		Hint: "plumb restart and plumb logs go by the name: give each its own; for more of one app use instances",
	}
}

const shapeHint = `write { apps: [{ name: "api", script: "app.js" }] }`

// entries finds them: in "apps", in "pm2", or the value itself.
func (d *decoder) entries() ([]any, error) {
	p := Position{File: d.path}
	value := d.value
	if object, ok := value.(map[string]any); ok {
		for _, name := range []string{"apps", "pm2"} {
			if v := object[name]; v != nil {
				value = v
				if inner, ok := v.(map[string]any); ok && inner["apps"] != nil {
					value = inner["apps"]
				}
				d.others(object, name)
				break
			}
		}
	}
	switch v := value.(type) {
	case []any:
		if len(v) == 0 {
			return nil, &Error{Position: p, Err: errors.New("has no app: its list is empty"), Hint: shapeHint}
		}
		return v, nil
	case map[string]any:
		if len(v) == 0 {
			return nil, &Error{Position: p, Err: errors.New("has no app: it exports an empty object"), Hint: shapeHint}
		}
		return []any{v}, nil
	default:
		return nil, &Error{Position: p, Err: fmt.Errorf("has no app: it exports %s", show(v)), Hint: shapeHint}
	}
}

// others warns of what stands beside the apps. In a package.json that is its own
// business.
func (d *decoder) others(object map[string]any, apps string) {
	if apps == "pm2" {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		switch name {
		case apps:
		case "deploy":
			d.warn(d.places.top(name), "", name, "is ignored: plumb deploys nothing")
		case "static":
			d.warn(d.places.top(name), "", name, "is ignored: plumb serves no files")
		default:
			d.warn(d.places.top(name), "", name, "is ignored: it is none of PM2's")
		}
	}
}

// app reads one entry, as far as it can be read without the file system.
func (d *decoder) app(index int, v any) (*App, error) {
	fields, ok := v.(map[string]any)
	if !ok {
		return nil, &Error{Position: Position{File: d.path}, Err: fmt.Errorf("app %d: %w", index+1, unexpected("an object", v)), Hint: shapeHint}
	}
	a := &App{
		Namespace: defaultNamespace, Instances: unset, InstanceVar: defaultInstanceVar,
		AutoStart: true, AutoRestart: true, MinUptime: defaultMinUptime, MaxRestarts: defaultMaxRestarts,
		KillTimeout: defaultKillTimeout, KillSignal: defaultKillSignal, ListenTimeout: defaultListenTimeout,
	}
	at := func(name string) Position { return d.places.field(index, name) }
	a.path = d.path
	a.at = func(name string) (string, Position) {
		used := d.used(fields, name)
		return used, at(used)
	}
	a.Name = d.provisionalName(fields, index)
	known := map[string]bool{"env": true}
	for _, f := range schema {
		name := d.used(fields, f.name)
		for _, other := range f.names() {
			known[other] = true
			if other != name && fields[other] != nil && fields[name] != nil {
				d.warn(at(other), a.Name, other, "is ignored: "+name+" says the same")
			}
		}
		switch value := fields[name]; {
		case value == nil:
		case f.set == nil:
			d.warn(at(name), a.Name, name, "is ignored: "+f.why)
		default:
			if err := f.set(a, value); err != nil {
				return nil, &Error{Position: at(name), App: a.Name, Field: name, Err: err, Hint: fieldHint(f.name)}
			}
		}
	}
	d.unknown(a, fields, known, at)
	return a, d.mergeEnv(a, fields, at)
}

// used is the name under which a field is there.
func (d *decoder) used(fields map[string]any, name string) string {
	for _, f := range schema {
		if f.name != name {
			continue
		}
		for _, n := range f.names() {
			if fields[n] != nil {
				return n
			}
		}
	}
	return name
}

// provisionalName is what errors call an app before its name is known to be one.
func (d *decoder) provisionalName(fields map[string]any, index int) string {
	if name, ok := fields["name"].(string); ok && name != "" {
		return name
	}
	if script, ok := fields[d.used(fields, "script")].(string); ok && script != "" {
		return nameOf(script)
	}
	return fmt.Sprintf("#%d", index+1)
}

// unknown warns of names that are in no list.
func (d *decoder) unknown(a *App, fields map[string]any, known map[string]bool, at func(string) Position) {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if known[name] || strings.HasPrefix(name, envPrefix) {
			continue
		}
		message := "is ignored: PM2 has no such field"
		if near := nearest(name, slices.Sorted(maps.Keys(known))); near != "" {
			message += fmt.Sprintf("; did you mean %s?", near)
		}
		d.warn(at(name), a.Name, name, message)
	}
}

func fieldHint(name string) string {
	switch name {
	case "max_memory_restart":
		return `as max_memory_restart: "300M"`
	case "args", "node_args":
		return name + ` is "--a b" or ["--a", "b"]`
	case "watch":
		return `watch is true, or paths: ["src", "config.json"]`
	case "exec_interpreter":
		return `as interpreter: "/opt/node-22/bin/node"`
	case "instances":
		return `instances is 4, "max" (one for each processor) or -1 (one less)`
	default:
		return "see docs/ecosystem.md for the fields and their values"
	}
}

// nearest is the known name that differs least from a misspelt one, "" when all
// differ much.
func nearest(name string, known []string) string {
	best, least := "", len(name)/3+1
	for _, k := range known {
		if d := distance(strings.ToLower(name), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is Levenshtein's.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
