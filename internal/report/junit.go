package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/plumb-dev/plumb/internal/leak"
)

// The part of JUnit XML that CI servers agree on: what Jenkins' schema has
// (testdata/schema). There is no attribute for a file in it; the text has it.
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
		Skipped string        `xml:"skipped,omitempty"` // the schema gives it no attributes
		Failure *junitFailure `xml:"failure"`
	}
	junitFailure struct {
		Type    string `xml:"type,attr"`
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
			c.Failure = &junitFailure{Type: check.Name, Message: check.Failure, Text: check.Failure}
			suite.Failures++
		case check.Skipped != "":
			c.Skipped = check.Skipped
			suite.Skipped++
		}
		suite.Cases = append(suite.Cases, c)
	}
	for i := range r.Result.Findings {
		f := &r.Result.Findings[i]
		c := junitCase{Name: subject(f) + " " + f.Fingerprint, Class: class}
		var text strings.Builder
		for _, fact := range r.facts(f) {
			fmt.Fprintf(&text, "%s: %s\n", fact[0], fact[1])
		}
		textPath(&text, r.trace(f))
		switch {
		case f.Known:
			c.Skipped = "known: the baseline has it\n" + text.String()
			suite.Skipped++
		case f.Verdict == leak.Leaking:
			c.Failure = &junitFailure{Type: string(f.Cause), Message: r.says(f), Text: text.String()}
			suite.Failures++
		default:
			c.Skipped = r.says(f) + "\n" + text.String()
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
