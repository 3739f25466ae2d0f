package load

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTemplate(t *testing.T) {
	v := &values{n: 7, random: 42}
	copy(v.uuid[:], "01234567-89ab-4cde-8f01-23456789abcd")
	for text, want := range map[string]string{
		"":                    "",
		"plain":               "plain",
		"{{n}}":               "7",
		"/a/{{n}}?b={{ n }}":  "/a/7?b=7",
		"{{random}}-{{uuid}}": "42-01234567-89ab-4cde-8f01-23456789abcd",
		"{{n}}{{n}}":          "77",
		"{ {n}} }} {{":        "{ {n}} }} {{",
		"{{name}} {{n}}":      "{{name}} 7",
		"{{{n}}}":             "{7}",
		"{{x {{n}} y}}":       "{{x 7 y}}",
	} {
		compiled, err := compile(text, false)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(compiled.appendTo(nil, v)); got != want {
			t.Errorf("%s became %s, want %s", text, got, want)
		}
	}
	if _, err := compile("/a/{{N}}", true); err == nil || !strings.Contains(err.Error(), "{{N}}") {
		t.Errorf("a wrong placeholder: %v", err)
	}
}

func TestTemplateLeavesOtherText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[{}a-m ]{0,20}`).Draw(t, "text") // no n, u, r
		compiled, err := compile(text, false)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(compiled.appendTo(nil, &values{})); got != text {
			t.Fatalf("%q became %q", text, got)
		}
	})
}

func TestDraw(t *testing.T) {
	version4 := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	seen := map[string]bool{}
	var v values
	for range 1000 {
		v.draw()
		id := string(v.uuid[:])
		if !version4.MatchString(id) || seen[id] {
			t.Fatalf("%q is no new UUID", id)
		}
		if v.random >= 1<<53 {
			t.Fatalf("%d is too large for a number of JavaScript", v.random)
		}
		seen[id] = true
	}
}
