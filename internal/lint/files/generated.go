package files

import "strings"

// Generated says whether a text was written by a program: minified, or a bundle
// of many files. Nobody mends a leak there.
func Generated(text string) bool {
	head := text[:min(len(text), 20_000)]
	for _, mark := range [...]string{
		"__webpack_require__", "__webpack_modules__", "var __commonJS = (", "var __getOwnPropNames = Object.getOwnPropertyNames;\nvar __commonJS",
		"/******/ (", "parcelRequire", "System.register(\"", "(function(){function r(e,n,t){function o(i,f)", "require=(function(){function r(e,n,t)", "(function e(t,n,r){function s(o,u)",
	} {
		if strings.Contains(head, mark) {
			return true
		}
	}
	const longLine, average = 3_000, 200
	lines := 1 + strings.Count(text, "\n")
	if len(text) < longLine || len(text)/lines < average {
		return false
	}
	for line := range strings.Lines(text) {
		if len(line) > longLine {
			return true
		}
	}
	return false
}
