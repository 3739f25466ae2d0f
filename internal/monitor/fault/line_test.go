package fault

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"
)

// teams is a file whose reader stops at the first fault, tells no line, and checks what
// stands first last.
type teams struct {
	Lead  string
	Teams []struct {
		Name    string
		Members []string
		Limits  map[string]int
	}
}

func readTeams(text []byte) []string {
	if err := checkTeams(text); err != nil {
		return []string{err.Error()}
	}
	return nil
}

func checkTeams(text []byte) error {
	var t teams
	if yaml.Unmarshal(text, &t) != nil {
		return errors.New("no YAML")
	}
	if len(t.Teams) == 0 {
		return errors.New("there are no teams")
	}
	known := map[string]bool{}
	for _, one := range t.Teams {
		switch {
		case one.Name == "":
			return errors.New("a team has no name")
		case known[one.Name]:
			return fmt.Errorf("team %q is not unique", one.Name)
		case one.Limits["low"] > one.Limits["high"]:
			return errors.New("a limit is upside down")
		}
		known[one.Name] = true
		for _, m := range one.Members {
			if m == "nobody" {
				return errors.New("a member cannot be that")
			}
		}
	}
	if t.Lead != "" && !known[t.Lead] {
		return fmt.Errorf("team %q leads and is not there", t.Lead)
	}
	return nil
}

func TestLine(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       int
	}{
		{"a name twice", "teams:\n  - name: red\n  - name: blue\n  - name: red\n", 4},
		{"no name", "teams:\n  - name: red\n  - members:\n      - ann\n", 3},
		{"an entry", "teams:\n  - name: red\n    members:\n      - ann\n      - nobody\n      - bob\n", 5},
		{"a value", "teams:\n  - name: red\n    limits:\n      high: 1\n\n      # a comment\n      low: 2\n", 7},
		{"a value in a flow", "teams: [{name: red},\n  {name: blue, limits: {high: 1, low: 2}}]\n", 2},
		{"a reference", "lead: green\nteams:\n  - name: red\n", 1},
		{"an anchor", "teams:\n  - &red\n    name: red\n    limits: {low: 2}\n  - <<: *red\n    name: blue\n", 4},
		{"two of a kind", "teams:\n  - name: red\n    members: [nobody]\n  - name: blue\n    members: [nobody]\n", 3},
		{"two kinds", "lead: green\nteams:\n  - name: red\n  - name: blue\n    limits: {high: 1, low: 2}\n", 5},
		{"Windows", "\ufefflead: green\r\nteams:\r\n  - name: red\r\n", 1},
		{"nothing to name", "", 0},
		{"no YAML", "teams: [", 0},
		{"no fault", "teams:\n  - name: red\n", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			fault := "something else"
			if list := readTeams([]byte(c.text)); len(list) > 0 {
				fault = list[0]
			}
			if got := Line([]byte(c.text), fault, readTeams); got != c.want {
				t.Errorf("%s: line %d, want %d", fault, got, c.want)
			}
		})
	}
}

// TestLineOfMany finds one entry among very many without reading each time.
func TestLineOfMany(t *testing.T) {
	var text strings.Builder
	text.WriteString("teams:\n")
	for n := range 500 {
		fmt.Fprintf(&text, "  - name: team%d\n    members: [ann]\n", n)
		if n == 321 {
			text.WriteString("    limits: {low: 1}\n")
		}
	}
	reads := 0
	read := func(text []byte) []string {
		reads++
		return readTeams(text)
	}
	const want = 2*321 + 4
	if got := Line([]byte(text.String()), "a limit is upside down", read); got != want || reads > 100 {
		t.Errorf("line %d after %d reads, want %d", got, reads, want)
	}
}

// TestLineElsewhere finds the name of what only somebody else finds at fault.
func TestLineElsewhere(t *testing.T) {
	text := "teams:\n  - name: red\n    members: [ann.pem, not, other.pem]\n  - name: blue\n    members:\n      - other.pem.bak\n"
	for fault, want := range map[string]int{
		"open /etc/other.pem: not there": 3, "open other.pem.bak: not there": 6, "open another.pem: not there": 0, "it is red, not \"red\"": 2, "not so": 0,
		"field members is not allowed today": 5,
	} {
		if got := Line([]byte(text), fault, readTeams); got != want {
			t.Errorf("%s: line %d, want %d", fault, got, want)
		}
	}
}

// TestAnyText has Line end well whatever it is given.
func TestAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := []string{"teams:", "- ", "name: red", "lead: red", "\n", "  ", "[", "]", "{", "}", "&a ", "*a", "<<: *a", "---\n", "#", "'", "\"", "? ", ": ", "|", "\t", "nobody", "\x00", "\xff"}
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 30).Draw(t, "text"), "")
		fault := "a team has no name"
		if list := readTeams([]byte(text)); len(list) > 0 {
			fault = list[0]
		}
		if line := Line([]byte(text), fault, readTeams); line < 0 || line > strings.Count(text, "\n")+1 {
			t.Errorf("line %d", line)
		}
	})
}

// TestPatience gives up on a file that takes too long to read again and again.
func TestPatience(t *testing.T) {
	text := []byte("teams:\n" + strings.Repeat("  - name: red\n", 100))
	end := time.Now().Add(patience)
	reads, late := 0, 0
	read := func(text []byte) []string {
		reads++
		if time.Now().After(end) {
			late++
		}
		time.Sleep(patience / 8)
		return readTeams(text)
	}
	if line := Line(text, `team "red" is not unique`, read); line < 3 || late > 1 {
		t.Errorf("line %d after %d reads, of which %d came late", line, reads, late)
	}
}
