package fleet

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/plumb-dev/plumb/internal/leak"
)

// Case is an alarm, with the snapshots that can explain it: none, or two and more of
// one life of a program.
type Case struct {
	ID       string `json:"id"` // see [Case.Identify]
	Agent    string `json:"agent"`
	Host     string `json:"host"`
	App      string `json:"app"`
	Instance int    `json:"instance"`
	Release  string `json:"release,omitempty"`

	Program  string    `json:"program"` // its command line
	Time     time.Time `json:"time"`    // of the alarm, by the agent's clock
	Why      string    `json:"why"`     // in words
	Requests int       `json:"requests,omitempty"`
	// Problem is why there are no snapshots. Flat says that it is because nothing that
	// JavaScript holds has grown.
	Problem string `json:"problem,omitempty"`
	Flat    bool   `json:"flat,omitempty"`

	Snapshots []Snapshot `json:"snapshots,omitempty"`
	Context   *File      `json:"context,omitempty"` // a [Context], of the last snapshot
	Sealed    bool       `json:"sealed,omitempty"`  // the files are encrypted by age
	Pinned    bool       `json:"pinned,omitempty"`  // somebody waits for it
}

// Snapshot is a file with a heap snapshot, compressed.
type Snapshot struct {
	File

	// Plain is the hash of the file before it was encrypted; "" when it is not.
	Plain string    `json:"plain,omitempty"`
	Raw   int64     `json:"raw"` // bytes before compression
	Taken time.Time `json:"taken"`
}

// Content is the hash that tells what is in the snapshot, encrypted or not.
func (s *Snapshot) Content() string {
	if s.Plain != "" {
		return s.Plain
	}
	return s.Hash
}

// File is one on its way to the hub, or there. Its name is the SHA-256 of what is in it.
type File struct {
	Hash  string `json:"hash"`
	Bytes int64  `json:"bytes"`
}

// Chunks is how many chunks the file has.
func (f File) Chunks() int { return int((f.Bytes + ChunkSize - 1) / ChunkSize) }

// Files are all files of the case, the snapshots first.
func (c *Case) Files() []File {
	var files []File
	for _, s := range c.Snapshots {
		files = append(files, s.File)
	}
	if c.Context != nil {
		files = append(files, *c.Context)
	}
	return files
}

// Identify names the case by what it says about a program: the same snapshots are the
// same case. Without snapshots, it is the alarm.
func (c *Case) Identify() {
	var about any = []any{c.Agent, c.Host, c.App, c.Instance, c.Time, c.Why}
	if len(c.Snapshots) > 0 {
		hashes := []string{c.App}
		for _, s := range c.Snapshots {
			hashes = append(hashes, s.Content())
		}
		about = hashes
	}
	text, err := json.Marshal(about)
	if err != nil {
		panic(err) // strings, numbers and a time have a form
	}
	sum := sha256.Sum256(text)
	c.ID = hex.EncodeToString(sum[:12])
}

// Context is what tells the places of a snapshot: the script map of its program and
// the sources of its scripts that are not libraries, by path.
type Context struct {
	Scripts []leak.Script     `json:"scripts"`
	Sources map[string]string `json:"sources"`
}

// Read reads a source, for [leak.Options].
func (c *Context) Read(path string) ([]byte, error) {
	text, ok := c.Sources[path]
	if !ok {
		return nil, fmt.Errorf("%s has not been sent", path)
	}
	return []byte(text), nil
}

// Result is what an analyst says about a case.
type Result struct {
	Case    Case          `json:"case"`
	Result  *leak.Result  `json:"result,omitempty"` // nil when it was given up, and Problem says why
	Problem string        `json:"problem,omitempty"`
	Line    string        `json:"line"` // in one line
	Worker  string        `json:"worker"`
	Took    time.Duration `json:"took"`
	Tries   int           `json:"tries"`
}

// Try is the last attempt at a case.
type Try struct {
	Worker  string `json:"worker"`
	Problem string `json:"problem,omitempty"` // "" while it is under way
}

// What an analyst can be.
const (
	Idle = "idle"
	Busy = "busy"
)

// Factor is how much memory a comparison takes, times the snapshots before compression:
// measured, see docs/fleet.md. Least is what the program itself takes.
const (
	Factor = 2
	Least  = 64 << 20
)

// Need is an amount of memory: 2 to the power of it, in MiB.
type Need int

// The classes, from 256 MiB to 256 GiB.
const (
	LeastNeed Need = 8
	MostNeed  Need = 18
)

// Need is the class that holds the comparison of the case.
func (c *Case) Need() Need {
	raw := int64(0)
	for _, s := range c.Snapshots {
		raw += s.Raw
	}
	need := Need(math.Ceil(math.Log2((Factor*float64(raw) + Least) / (1 << 20))))
	return min(max(need, LeastNeed), MostNeed)
}

// Bytes is the amount.
func (n Need) Bytes() uint64 { return 1 << (20 + n) }

// String is 256M, 1G and so on.
func (n Need) String() string {
	if n < 10 {
		return fmt.Sprintf("%dM", 1<<n)
	}
	return fmt.Sprintf("%dG", 1<<(n-10))
}
