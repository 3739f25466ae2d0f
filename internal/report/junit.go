package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/plumb-dev/plumb/internal/leak"
)

// The part of JUnit XML that CI servers read.
type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		File    string        `xml:"file,attr,omitempty"`
		Line    int           `xml:"line,attr,omitempty"`
		Failure *junitMessage `xml:"failure"`
		Skipped *junitMessage `xml:"skipped"`
	}
	junitMessage struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// junit writes a case per finding: a leak fails, an undecided one is skipped.
// Without findings one case passes, so that the run shows.
func (r *Report) junit(w io.Writer) error {
	suite := junitSuite{Name: "plumb leaks"}
	if r.Suite != "" {
		suite.Name = r.Suite
	}
	class := strings.ReplaceAll(suite.Name, " ", ".")
	for _, check := range r.Checks {
		c := junitCase{Name: check.Name, Class: class}
		switch {
		case check.Failure != "":
			c.Failure = &junitMessage{Message: check.Failure, Text: check.Failure}
			suite.Failures++
		case check.Skipped != "":
			c.Skipped = &junitMessage{Message: check.Skipped}
			suite.Skipped++
		}
		suite.Cases = append(suite.Cases, c)
	}
	for i := range r.Result.Findings {
		f := &r.Result.Findings[i]
		c := junitCase{
			Name: subject(f) + " " + f.Fingerprint, Class: class,
			File: strings.TrimPrefix(f.Declared.File, r.Root), Line: f.Declared.Line,
		}
		var text strings.Builder
		for _, fact := range r.facts(f) {
			fmt.Fprintf(&text, "%s: %s\n", fact[0], fact[1])
		}
		textPath(&text, r.trace(f))
		message := &junitMessage{Message: r.says(f), Text: text.String()}
		switch {
		case f.Known:
			c.Skipped = &junitMessage{Message: "known: the baseline has it"}
			suite.Skipped++
		case f.Verdict == leak.Leaking:
			c.Failure = message
			suite.Failures++
		default:
			c.Skipped = message
			suite.Skipped++
		}
		suite.Cases = append(suite.Cases, c)
	}
	if suite.Cases == nil {
		suite.Cases = []junitCase{{Name: r.sentence(), Class: class}}
	}
	suite.Tests = len(suite.Cases)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(junitSuites{Suites: []junitSuite{suite}}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
