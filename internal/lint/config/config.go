// Package config reads what plumb.yaml says about plumb lint:
//
//	lint:
//	  rules:
//	    unbounded-cache: off            # off, suspicion, warning or error
//	    interval-never-cleared: warning
//	  files: ["src/**"]                 # only these; without it all
//	  ignore: ["src/legacy/**"]
//	  globals: [sails]                  # names that are meant to be global
//
// Globs are relative to the file. What is misspelled is an error with its line:
// a setting that does nothing is worse than none.
package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"go.yaml.in/yaml/v4"

	"github.com/plumb-dev/plumb/internal/lint/rule"
)

// Name is what the file is called.
const Name = "plumb.yaml"

// Config is what the file says.
type Config struct {
	Path          string // "" when there is none
	Rules         map[string]rule.Severity
	Files, Ignore []string
	Globals       []string
}

// Severity is that of a rule.
func (c *Config) Severity(r rule.Rule) rule.Severity {
	if s, ok := c.Rules[r.ID]; ok {
		return s
	}
	return r.Severity
}

// Error is what is wrong in the file, and where.
type Error struct {
	Path         string
	Line, Column int
	Key          string // lint.rules.unbounded-cache
	Reason, Hint string
}

func (e *Error) Error() string {
	where := e.Path
	if e.Line > 0 {
		where = fmt.Sprintf("%s:%d:%d", e.Path, e.Line, e.Column)
	}
	if e.Key != "" {
		return fmt.Sprintf("%s: %s: %s", where, e.Key, e.Reason)
	}
	return fmt.Sprintf("%s: %s", where, e.Reason)
}

// Find reads the file that is in dir or the nearest folder above; without one
// the configuration is empty.
func Find(dir string) (*Config, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", Name, err)
	}
	for {
		path := filepath.Join(dir, Name)
		if _, err := os.Stat(path); err == nil {
			return Read(path)
		}
		if filepath.Dir(dir) == dir {
			return &Config{}, nil
		}
		dir = filepath.Dir(dir)
	}
}

// Read reads a file. What is wrong in it is an *Error.
func Read(path string) (*Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	return parse(path, data)
}

func parse(path string, data []byte) (*Config, error) {
	p := &parser{Config: Config{Path: path, Rules: map[string]rule.Severity{}}}
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		return nil, p.broken(err)
	}
	if len(document.Content) == 0 {
		return &p.Config, nil
	}
	err := p.mapping(document.Content[0], "", func(key string, value *yaml.Node) error {
		if key != "lint" {
			return p.unknown(value, key, []string{"lint"})
		}
		return p.mapping(value, "lint", p.setting)
	})
	if err != nil {
		return nil, err
	}
	return &p.Config, nil
}

type parser struct {
	Config
	key *yaml.Node // the last one
}

func (p *parser) setting(key string, value *yaml.Node) (err error) {
	full := "lint." + key
	switch key {
	case "rules":
		return p.mapping(value, full, p.rule)
	case "files":
		p.Files, err = p.globs(value, full)
	case "ignore":
		p.Ignore, err = p.globs(value, full)
	case "globals":
		p.Globals, err = p.list(value, full)
	default:
		return p.unknown(value, full, []string{"rules", "files", "ignore", "globals"})
	}
	return err
}

var severities = []string{"off", "suspicion", "warning", "error"}

func (p *parser) rule(id string, value *yaml.Node) error {
	full := "lint.rules." + id
	if _, ok := rule.Find(id); !ok {
		var ids []string
		for _, r := range rule.All() {
			ids = append(ids, r.ID)
		}
		return p.unknown(value, full, ids)
	}
	if value.Kind != yaml.ScalarNode || !slices.Contains(severities, value.Value) {
		return p.fail(value, full, fmt.Sprintf("%q is no severity", value.Value), "it is one of "+strings.Join(severities, ", "))
	}
	p.Rules[id] = rule.Severity(value.Value)
	return nil
}

func (p *parser) globs(n *yaml.Node, key string) ([]string, error) {
	list, err := p.list(n, key)
	for i, glob := range list {
		if !doublestar.ValidatePattern(glob) {
			return nil, p.fail(n.Content[i], key, fmt.Sprintf("%q is no glob", glob), "a bracket or brace is not closed")
		}
	}
	return list, err
}

func (p *parser) list(n *yaml.Node, key string) ([]string, error) {
	if n.Kind != yaml.SequenceNode {
		return nil, p.fail(n, key, "is no list", `write ["one", "two"], or a line "- one" for each`)
	}
	var list []string
	for _, item := range n.Content {
		if item.Kind != yaml.ScalarNode {
			return nil, p.fail(item, key, "has an item that is no text", "")
		}
		list = append(list, item.Value)
	}
	return list, nil
}

func (p *parser) mapping(n *yaml.Node, key string, each func(string, *yaml.Node) error) error {
	if n.Kind == yaml.ScalarNode && n.Value == "" {
		return nil // a key with nothing below
	}
	if n.Kind != yaml.MappingNode {
		return p.fail(n, key, "has no keys", "write key: value, one in a line")
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		p.key = n.Content[i]
		if seen[p.key.Value] {
			return p.fail(p.key, strings.TrimPrefix(key+"."+p.key.Value, "."), "is there twice", "put both into one")
		}
		seen[p.key.Value] = true
		if err := each(n.Content[i].Value, n.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) unknown(_ *yaml.Node, key string, known []string) error {
	return p.fail(p.key, key, "is not known", "known here: "+strings.Join(known, ", "))
}

func (p *parser) fail(at *yaml.Node, key, reason, hint string) error {
	return &Error{Path: p.Path, Line: at.Line, Column: at.Column, Key: key, Reason: reason, Hint: hint}
}

// broken is an error of the YAML itself.
func (p *parser) broken(err error) error {
	e := &Error{Path: p.Path, Reason: err.Error(), Hint: "look at the indentation, and for a missing colon, quote or bracket, there or just before"}
	var many *yaml.LoadErrors
	var one *yaml.LoadError
	if errors.As(err, &many) && len(many.Errors) > 0 {
		one = many.Errors[0]
	} else if !errors.As(err, &one) {
		return e
	}
	e.Line, e.Column, e.Reason = one.Mark.Line, one.Mark.Column, one.Message
	return e
}

// Base is the folder that globs are relative to.
func (c *Config) Base() string {
	if c.Path == "" {
		return ""
	}
	return filepath.Dir(c.Path)
}
