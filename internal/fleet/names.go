package fleet

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// Streams and buckets of JetStream. The hub makes them.
const (
	AppsBucket      = "plumb-apps"      // a key for each instance: its last heartbeat
	TriesBucket     = "plumb-tries"     // a key for each case that is or was tried: [Try]
	AnalystsBucket  = "plumb-analysts"  // a key for each analyst that is there: what it is at
	FilesBucket     = "plumb-files"     // a key for each file that is stored: [File]
	ToldBucket      = "plumb-told"      // a key for each event that was told
	SnapshotsBucket = "plumb-snapshots" // an object for each file
	ChunksStream    = "PLUMB_CHUNKS"
	CasesStream     = "PLUMB_CASES"
	JobsStream      = "PLUMB_JOBS"
	ResultsStream   = "PLUMB_RESULTS"
	AuditStream     = "PLUMB_AUDIT"
)

// SnapshotsKey is where the stream of jobs says that files are in a bucket outside of
// JetStream: its URL.
const SnapshotsKey = "plumb-snapshots"

// ChunkSize is that of a chunk, but for a file's last. Messages of NATS may have 1 MB
// unless its operator says otherwise.
const ChunkSize = 512 << 10

var unfit = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// Name makes one level of a subject of a name.
func Name(text string) string {
	if text = strings.Trim(unfit.ReplaceAllString(text, "-"), "-"); text == "" {
		return "unnamed"
	}
	return text
}

// IsName tells whether a text can be one level of a subject as it is.
func IsName(text string) bool { return text != "" && Name(text) == text }

// Key is where an app's heartbeat is in the bucket of apps.
func (a *App) Key() string {
	return fmt.Sprintf("%s.%s.%s.%d", a.Agent, Name(a.Host), Name(a.App), a.Instance)
}

// BeatSubject is that of a heartbeat: a bucket's keys are subjects of its stream.
func BeatSubject(key string) string { return "$KV." + AppsBucket + "." + key }

// ChunkSubject is that of a file's chunk; a negative number stands for all of them.
func ChunkSubject(agent, hash string, n int) string {
	if n < 0 {
		return fmt.Sprintf("plumb.chunk.%s.%s.*", agent, hash)
	}
	return fmt.Sprintf("plumb.chunk.%s.%s.%d", agent, hash, n)
}

// CaseSubject is that of a case.
func CaseSubject(agent, id string) string { return "plumb.case." + agent + "." + id }

// ResultSubject is that of a result.
func ResultSubject(agent, id string) string { return "plumb.result." + agent + "." + id }

// JobSubject is that of a case to be analysed with so much memory.
func JobSubject(need Need) string { return "plumb.job." + need.String() }

// CommandSubject is that of a command of who to an agent on a host. "*" stands for any.
func CommandSubject(who, agent, host string) string {
	if host != "*" {
		host = Name(host)
	}
	return "plumb.command." + who + "." + agent + "." + host
}

// OutcomeSubject is that of what became of a command.
func OutcomeSubject(agent string) string { return "plumb.outcome." + agent + ".command" }

// IsThere tells whether publishing failed because the subject has a message already.
func IsThere(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence
}
