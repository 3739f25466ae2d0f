package lab

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func FuzzRead(f *testing.F) {
	f.Add(`{"plumbLab":1,"files":[{"name":"a.js","source":"1"}],"steps":[{"file":0,"line":1,"frames":[{"file":0,"variables":[{"name":"a","value":{"type":"object","ref":1}}]}],"objects":[{"id":1}]}]}`)
	f.Add(`{"plumbLab":1,"steps":[{"file":3}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		trace, err := Read(strings.NewReader(text))
		if err != nil {
			if !errors.Is(err, ErrNotTrace) {
				t.Errorf("error %v, want ErrNotTrace", err)
			}
			return
		}
		var out bytes.Buffer
		if err := Write(&out, trace); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(&out); err != nil {
			t.Errorf("what was written cannot be read: %v", err)
		}
		for i := range trace.Steps {
			Holders(&trace.Steps[i])
		}
	})
}

func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "EOF",
		"[]":                          "cannot unmarshal",
		"{}":                          "no member plumbLab",
		`{"plumbLab":9}`:              "its format is 9",
		`{"plumbLab":1,"steps":[{}]}`: "file 0 is not there",
		`{"plumbLab":1,"files":[{}],"steps":[{"line":1,"objects":[{"id":1},{"id":1}]}]}`:                      "object 1 is there twice",
		`{"plumbLab":1,"files":[{}],"steps":[{"line":1,"frames":[{"variables":[{"value":{"ref":7}}]}]}]}`:     "object 7 is not there",
		`{"plumbLab":1,"files":[{}],"steps":[{"line":1,"objects":[{"id":1,"props":[{"value":{"ref":7}}]}]}]}`: "object 7 is not there",
		`{"plumbLab":1,"files":[{"source":"one"}],"steps":[{"line":2}]}`:                                      "line 2 is not there",
		`{"plumbLab":1,"files":[{"source":"one"}],"steps":[{"line":1,"frames":[{"file":1}]}]}`:                "file 1 is not there",
	} {
		if _, err := Read(strings.NewReader(text)); !errors.Is(err, ErrNotTrace) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
