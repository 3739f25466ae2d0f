package syntax

import (
	"regexp"
	"strings"
)

var (
	// phase is how an import says that its module runs later, or not at all: import defer
	// * as a, import source b, import.defer("c").
	phase = regexp.MustCompile(`import(?:\s+(defer)\s+\*|\s+(source)\s+[\pL_$][\pL\pN_$]*\s+from\b|[ \t]*(\.[ \t]*(?:defer|source))[ \t]*\()`)
	// using is how a declaration says that what it holds is disposed of at the end of the
	// block: using a = b(), await using c = d(), for (using e of f).
	using = regexp.MustCompile(`using[ \t]+[\pL_$][\pL\pN_$]*(?:[ \t]*=[^=>]|[ \t]+of\b)`)
)

// plain writes what no parser here reads as what means the same to names, and is as
// long: imports without a phase, const instead of using.
func plain(src string) string {
	phases, disposed := phase.FindAllStringSubmatchIndex(src, -1), using.FindAllStringIndex(src, -1)
	if phases == nil && disposed == nil {
		return src
	}
	text := []byte(src)
	for _, m := range phases {
		for group := 2; group < len(m); group += 2 {
			for at := max(m[group], 0); at < m[group+1]; at++ {
				text[at] = ' '
			}
		}
	}
	for _, m := range disposed {
		before := src[:m[0]]
		if !isWhole(before) {
			continue
		}
		copy(text[m[0]:], "const")
		if before, ok := strings.CutSuffix(strings.TrimRight(before, " \t"), "await"); ok && isWhole(before) {
			copy(text[len(before):], "     ")
		}
	}
	return string(text)
}

// isWhole says whether a word that follows is one, and no end of another or property.
func isWhole(before string) bool {
	if before == "" {
		return true
	}
	last := before[len(before)-1]
	return !isWord(last) && last != '.'
}
