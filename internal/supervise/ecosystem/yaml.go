package ecosystem

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"go.yaml.in/yaml/v4"
)

// readYAML reads a .yaml or .yml file.
func readYAML(path, text string) (*source, error) {
	fail := func(at yaml.Mark, err error) (*source, error) {
		return nil, &Error{
			Position: Position{path, at.Line, at.Column}, Err: err,
			Hint: "look at the indentation, and for a missing colon, quote or bracket, there or just before",
		}
	}
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		return fail(yamlProblem(err))
	}
	if len(document.Content) == 0 {
		return fail(yaml.Mark{}, errors.New("is empty"))
	}
	datesAsText(&document)
	if left := maxValues; tooMany(&document, &left) {
		return fail(yaml.Mark{}, errors.New("excessive aliasing: its aliases stand for more than can be read"))
	}
	var value any
	if err := document.Decode(&value); err != nil {
		return fail(yamlProblem(err))
	}
	var b budget
	value, err := b.plain(value, 0)
	if err != nil {
		return fail(yaml.Mark{}, err)
	}
	return &source{value, &yamlPlaces{path, document.Content[0]}}, nil
}

// tooMany tells whether a node and all below it, what aliases stand for included,
// are more than are left. Decoding copies what an alias stands for, also where that
// has aliases again: a short file can ask for any amount.
func tooMany(n *yaml.Node, left *int) bool {
	if *left--; *left < 0 {
		return true
	}
	if n.Kind == yaml.AliasNode {
		return tooMany(n.Alias, left)
	}
	return slices.ContainsFunc(n.Content, func(inner *yaml.Node) bool { return tooMany(inner, left) })
}

// yamlProblem takes the first problem and its place out of an error.
func yamlProblem(err error) (yaml.Mark, error) {
	var many *yaml.LoadErrors
	var one *yaml.LoadError
	if errors.As(err, &many) && len(many.Errors) > 0 {
		one = many.Errors[0]
	} else if !errors.As(err, &one) {
		return yaml.Mark{}, fmt.Errorf("%w: %w", errSyntax, err)
	}
	return one.Mark, fmt.Errorf("%w: %s", errSyntax, one.Message)
}

// datesAsText has a date stay what is written: it is meant for a variable of the
// environment.
func datesAsText(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!timestamp" {
		n.Tag = "!!str"
	}
	for _, inner := range n.Content {
		datesAsText(inner)
	}
}

// plain turns what YAML decodes to into what [source] holds.
func (b *budget) plain(v any, depth int) (any, error) {
	text, _ := v.(string)
	if err := b.spend(depth, len(text)); err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case int:
		return float64(v), nil
	case int64:
		return float64(v), nil
	case uint64:
		return float64(v), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, errors.New("a number is not finite")
		}
		return v, nil
	case []any:
		list := make([]any, len(v))
		for i := range v {
			var err error
			if list[i], err = b.plain(v[i], depth+1); err != nil {
				return nil, err
			}
		}
		return list, nil
	case map[string]any:
		object := make(map[string]any, len(v))
		for name := range v {
			var err error
			if object[name], err = b.plain(v[name], depth+1); err != nil {
				return nil, err
			}
		}
		return object, nil
	case map[any]any: // some names are numbers
		object := make(map[string]any, len(v))
		for name := range v {
			var err error
			if object[fmt.Sprint(name)], err = b.plain(v[name], depth+1); err != nil {
				return nil, err
			}
		}
		return object, nil
	case string, bool, nil:
		return v, nil
	default:
		return nil, fmt.Errorf("has a value of an unknown type %T", v)
	}
}

// yamlPlaces finds fields in the nodes of a file.
type yamlPlaces struct {
	path string
	root *yaml.Node
}

func (y *yamlPlaces) field(app int, name string) Position {
	apps := y.root
	for _, list := range []string{"apps", "pm2"} {
		if _, value := yamlMember(y.root, list); value != nil {
			apps = value
			break
		}
	}
	if apps.Kind == yaml.SequenceNode {
		if app >= len(apps.Content) {
			return Position{File: y.path}
		}
		apps = resolved(apps.Content[app])
	}
	return y.place(yamlMember(apps, name))
}

func (y *yamlPlaces) top(name string) Position { return y.place(yamlMember(y.root, name)) }

func (y *yamlPlaces) place(key, _ *yaml.Node) Position {
	if key == nil {
		return Position{File: y.path}
	}
	return Position{y.path, key.Line, key.Column}
}

// yamlMember looks in an object, and in those that it merges with "<<".
func yamlMember(object *yaml.Node, name string) (key, value *yaml.Node) {
	if object.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(object.Content); i += 2 {
		if object.Content[i].Value == name {
			return object.Content[i], resolved(object.Content[i+1])
		}
	}
	for i := 0; i+1 < len(object.Content); i += 2 {
		if object.Content[i].Tag != "!!merge" {
			continue
		}
		merged := resolved(object.Content[i+1])
		if merged.Kind != yaml.SequenceNode {
			merged = &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{merged}}
		}
		for _, m := range merged.Content {
			if key, value := yamlMember(resolved(m), name); key != nil {
				return key, value
			}
		}
	}
	return nil, nil
}

func resolved(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}
