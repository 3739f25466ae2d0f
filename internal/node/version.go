package node

import (
	"bytes"
	"io"
	"os"
	"regexp"
)

var versionText = regexp.MustCompile(`node\.js/(v\d+\.\d+\.\d+[\w.+-]*)`)

// versionIn finds the version of Node.js inside its binary, which is neither
// run nor asked: as root, plumb would run anybody's program. "" when it has none.
func versionIn(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	const overlap = 64
	buf := make([]byte, 1<<20)
	kept := 0
	for {
		n, err := io.ReadFull(f, buf[kept:])
		window := buf[:kept+n]
		if bytes.Contains(window, []byte("node.js/v")) {
			if m := versionText.FindSubmatch(window); m != nil {
				return string(m[1])
			}
		}
		if err != nil {
			return ""
		}
		kept = copy(buf, window[len(window)-overlap:])
	}
}
