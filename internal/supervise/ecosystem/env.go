package ecosystem

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

const envPrefix = "env_"

// asEnv takes an object of variables. PM2 writes objects in it as JSON.
func asEnv(v any) (map[string]string, error) {
	object, ok := v.(map[string]any)
	if !ok {
		return nil, unexpected("an object", v)
	}
	env := make(map[string]string, len(object))
	for name, value := range object {
		if name == "" || strings.ContainsAny(name, "=\x00") {
			return nil, fmt.Errorf("%q cannot be the name of a variable", name)
		}
		if _, ok := value.(function); ok {
			return nil, fmt.Errorf("%s: expected text, found a function", name)
		}
		text := environment(value)
		if strings.ContainsRune(text, 0) {
			return nil, fmt.Errorf("%s: the value has a zero byte", name)
		}
		env[name] = text
	}
	return env, nil
}

// environment writes a value as JavaScript and PM2 do.
func environment(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return formatNumber(v)
	case nil:
		return "null"
	default:
		text, _ := json.Marshal(v) // made of values of JSON
		return string(text)
	}
}

// formatNumber is Number::toString of ECMAScript: exponents from 1e21 on, and
// below 1e-6.
func formatNumber(n float64) string {
	if size := math.Abs(n); n == 0 || size >= 1e-6 && size < 1e21 {
		return strconv.FormatFloat(n+0, 'f', -1, 64)
	}
	text := strconv.FormatFloat(n, 'e', -1, 64)
	return strings.Replace(strings.Replace(text, "e-0", "e-", 1), "e+0", "e+", 1)
}

// mergeEnv puts the variables of the environment that was asked for over the
// others.
func (d *decoder) mergeEnv(a *App, fields map[string]any, at func(string) Position) error {
	if v := fields["env"]; v != nil {
		var err error
		if a.Env, err = asEnv(v); err != nil {
			return &Error{Position: at("env"), App: a.Name, Field: "env", Err: err, Hint: "env holds names and values"}
		}
	}
	if a.Env == nil {
		a.Env = map[string]string{}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !strings.HasPrefix(name, envPrefix) || fields[name] == nil {
			continue
		}
		env, err := asEnv(fields[name])
		if err != nil {
			return &Error{Position: at(name), App: a.Name, Field: name, Err: err, Hint: name + " holds names and values"}
		}
		d.envs[strings.TrimPrefix(name, envPrefix)]++
		if name == envPrefix+d.opts.Env {
			maps.Copy(a.Env, env)
		}
	}
	if _, ok := fields[envPrefix+d.opts.Env]; d.opts.Env != "" && !ok {
		d.without = append(d.without, a.Name)
	}
	return nil
}

// checkEnv holds that some app has the environment that was asked for.
func (d *decoder) checkEnv() error {
	switch {
	case d.opts.Env == "" || len(d.without) == 0:
		return nil
	case d.envs[d.opts.Env] > 0:
		for _, app := range d.without {
			d.warn(Position{File: d.path}, app, "", fmt.Sprintf("has no %s%s: it gets env alone", envPrefix, d.opts.Env))
		}
		return nil
	}
	hint := "no app has an env_NAME: leave --env out"
	if names := slices.Sorted(maps.Keys(d.envs)); len(names) > 0 {
		hint = "there are: " + strings.Join(names, ", ")
	}
	return &Error{
		Position: Position{File: d.path}, Field: envPrefix + d.opts.Env,
		Err: errors.New("no app has this environment"), Hint: hint,
	}
}
