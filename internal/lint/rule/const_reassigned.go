package rule

import (
	"fmt"
	"unicode/utf8"

	"github.com/plumb-dev/plumb/internal/lint/scope"
)

// constReassigned finds assignments to constants: they throw, and what the
// constant holds stays where it is.
func constReassigned(c *check) {
	for _, r := range c.References {
		v := r.Variable
		if v == nil || v.Kind != scope.Const || !r.Write || r.Init || r.Dynamic {
			continue
		}
		at, ok := c.File.At(r.Idx)
		declared, known := c.File.At(v.At)
		if !ok || !known {
			continue
		}
		c.report(Finding{
			At: at, Length: utf8.RuneCountInString(v.Name), Name: v.Name, Variable: v.Name, Declared: declared,
			Message: fmt.Sprintf("%s is a constant (line %d): this throws a TypeError, and frees nothing", v.Name, declared.Line),
		})
	}
}
