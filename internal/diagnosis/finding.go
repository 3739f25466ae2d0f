package diagnosis

import (
	"time"

	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/node"
)

// Finding is what an alarm found out.
type Finding struct {
	ID       string    `json:"id"`
	App      string    `json:"app"`
	Instance int       `json:"instance"`
	Program  node.Info `json:"program"`
	Time     time.Time `json:"time"` // of the alarm, UTC
	Alarm    Alarm     `json:"alarm"`
	Baseline *Shot     `json:"baseline,omitempty"`
	Last     *Shot     `json:"last,omitempty"` // the snapshot at the alarm
	Pinned   bool      `json:"pinned"`
	// Result is what the comparison says; nil when there was none, and Problem
	// says why.
	Result  *leak.Result `json:"result,omitempty"`
	Problem string       `json:"problem,omitempty"`

	dir string
}

// Alarm says why it went off.
type Alarm struct {
	Cause Cause  `json:"cause"`
	Text  string `json:"text"` // in words
	Level Level  `json:"level"`
	// Seconds to the limit, by the trend; 0 when that is not known.
	SecondsToLimit float64 `json:"secondsToLimit,omitempty"`
}

// Cause is what set an alarm off.
type Cause string

// The causes.
const (
	MarkPassed Cause = "mark"
	LimitNear  Cause = "trend"
	CalledFor  Cause = "call" // from outside
	noCause    Cause = ""
)

// What a level can be of.
const (
	levelOfHeap = "heap"
	levelOfRSS  = "RSS"
)

// Level is how much memory is used, in bytes. Limit is 0 when there is none.
type Level struct {
	Of    string `json:"of"` // "heap", "RSS"
	Used  uint64 `json:"used"`
	Limit uint64 `json:"limit,omitempty"`
}

// Shot is a snapshot of a finding. File is its name in the folder of the finding,
// "" when the budget has taken it.
type Shot struct {
	Time   time.Time   `json:"time"`
	Memory node.Memory `json:"memory"` // before it was taken
	File   string      `json:"file,omitempty"`
}

// Files are the paths of the snapshots that are there, in order.
func (f *Finding) Files() []string {
	var files []string
	for _, s := range []*Shot{f.Baseline, f.Last} {
		if s != nil && s.File != "" {
			files = append(files, f.path(s.File))
		}
	}
	return files
}

// Leak is what a place of the program keeps of each request.
type Leak struct {
	Name            string // the way to it, as store.byId
	BytesPerRequest float64
}

// Leaks are those that the finding names; none when it is not known how many
// requests there were.
func (f *Finding) Leaks() (list []Leak) {
	if f.Result == nil || f.Result.Requests == 0 {
		return nil
	}
	for _, one := range f.Result.Findings {
		if one.Verdict == leak.Leaking {
			list = append(list, Leak{one.Container.Name, float64(one.Share) / float64(f.Result.Requests)})
		}
	}
	return list
}
