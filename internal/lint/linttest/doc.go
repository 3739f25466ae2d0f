// Package linttest brings real programs to the tests of lint: the sources of
// server packages from the npm registry, kept between runs in the user's cache
// folder. It is for tests only.
package linttest
