// Package operator gives commands to the agents of a fleet, for who has a token with the
// role operator, and gets the files that came of them.
//
// A command goes to one agent, which carries it out only when it was started so, under
// its own rules of headroom. Who asked, and what became of it, is in the audit log
// whatever the answer.
package operator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/zstd"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/fleet/ledger"
)

// Operator is somebody at a hub.
type Operator struct {
	Conn *nats.Conn
	JS   jetstream.JetStream
	Name string // of the token
}

// Error says why a command came to nothing, and what to do.
type Error struct{ Text, Hint string }

func (e *Error) Error() string { return e.Text }

// Where is an instance: of an app, on a host ("" for any), with a number (below 0 for
// any).
type Where struct {
	App      string
	Host     string
	Instance int
}

// Find finds an instance that can be asked now. An app on several hosts wants one named.
func (o *Operator) Find(ctx context.Context, w Where) (*fleet.App, error) {
	apps, now, err := ledger.Apps(ctx, o.JS)
	if err != nil {
		return nil, err
	}
	var fit []fleet.App
	hosts := map[string]bool{}
	for _, a := range apps {
		state := ledger.StateOf(&a, now)
		if a.App != w.App || w.Host != "" && a.Host != w.Host || w.Instance >= 0 && a.Instance != w.Instance || state == "left" || state == "silent" {
			continue
		}
		fit = append(fit, a)
		hosts[a.Agent+" on "+a.Host] = true
	}
	switch {
	case len(fit) == 0:
		return nil, &Error{fmt.Sprintf("no such instance of %q is heard of now", w.App), "see plumb fleet apps for those that are"}
	case len(hosts) > 1:
		var names []string
		for _, a := range fit {
			names = append(names, a.Host)
		}
		return nil, &Error{w.App + " is on several hosts", "name one with --host: " + strings.Join(names, ", ")}
	}
	return &fit[0], nil
}

// Give gives a command to the agent of an instance, and waits for what comes of it.
func (o *Operator) Give(ctx context.Context, to *fleet.App, c fleet.Command) (*fleet.Outcome, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	m, err := o.Conn.RequestWithContext(ctx, fleet.CommandSubject(o.Name, to.Agent, to.Host), text)
	what := fmt.Sprintf("%s of %s", c.What, c.App)
	switch {
	case errors.Is(err, nats.ErrNoResponders):
		return nil, &Error{what + ": its agent is not there", "see plumb fleet apps for when it was heard of"}
	case err != nil:
		return nil, &Error{fmt.Sprintf("%s: %v", what, err), "what came of it will be in plumb fleet audit"}
	}
	var outcome fleet.Outcome
	if err := json.Unmarshal(m.Data, &outcome); err != nil {
		return nil, fmt.Errorf("%s: the agent's answer: %w", what, err)
	}
	if outcome.Refused != "" {
		return nil, &Error{fmt.Sprintf("%s on %s: %s", what, to.Host, outcome.Refused), outcome.Hint}
	}
	return &outcome, nil
}

// mostProfile is how large a profile may be before compression.
const mostProfile = 256 << 20

// Unpacked is the .heapprofile that an agent has sent.
func Unpacked(o *fleet.Outcome) ([]byte, error) {
	dec, err := zstd.NewReader(nil, zstd.WithDecoderMaxMemory(mostProfile))
	if err != nil {
		return nil, err
	}
	defer dec.Close()
	text, err := dec.DecodeAll(o.Profile, nil)
	if err != nil {
		return nil, fmt.Errorf("read the profile: %w", err)
	}
	return text, nil
}

// Snapshot gives a stored file, compressed as it is there.
func (o *Operator) Snapshot(ctx context.Context, f fleet.File) (io.ReadCloser, error) {
	bucket, err := o.JS.ObjectStore(ctx, fleet.SnapshotsBucket)
	if err != nil {
		return nil, fmt.Errorf("open the hub's snapshots: %w", err)
	}
	r, err := bucket.Get(ctx, f.Hash)
	if errors.Is(err, jetstream.ErrObjectNotFound) {
		return nil, &Error{"the snapshot is not with the hub", "it was let go, or the hub keeps snapshots in a bucket of its own (--snapshots), where its name is " + f.Hash}
	}
	if err != nil {
		return nil, fmt.Errorf("get the snapshot: %w", err)
	}
	return r, nil
}
