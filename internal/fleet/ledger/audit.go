package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/plumb-dev/plumb/internal/fleet"
)

// AuditEntry is a command that was given, or what became of one.
type AuditEntry struct {
	Time time.Time `json:"time"` // by the hub's clock
	Kind string    `json:"kind"` // "asked", "done" or "refused"
	// Who is the token's name of who gave the command: that is in the subject, where
	// nobody can write another's.
	Who     string `json:"who"`
	What    string `json:"what"`
	App     string `json:"app"`
	Agent   string `json:"agent"`
	Host    string `json:"host"`
	Outcome string `json:"outcome,omitempty"`
}

// Audit reads the audit log, the oldest first.
func Audit(ctx context.Context, js jetstream.JetStream) (list []AuditEntry, err error) {
	stream, err := js.Stream(ctx, fleet.AuditStream)
	if err != nil {
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
	if stream.CachedInfo().State.Msgs == 0 {
		return nil, nil
	}
	consumer, err := stream.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{})
	if err != nil {
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
	messages, err := consumer.Messages()
	if err != nil {
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
	defer messages.Stop()
	for {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return nil, fmt.Errorf("read the audit log: %w", err)
		}
		meta, err := m.Metadata()
		if err != nil {
			return nil, err
		}
		list = append(list, auditEntry(m, meta.Timestamp))
		if meta.NumPending == 0 {
			return list, nil
		}
	}
}

func auditEntry(m jetstream.Msg, at time.Time) AuditEntry {
	e := AuditEntry{Time: at, Kind: "asked"}
	levels := strings.Split(m.Subject(), ".")
	if levels[1] == "command" {
		var c fleet.Command
		_ = json.Unmarshal(m.Data(), &c) // who asked for nonsense is in it, too
		e.Who, e.Agent, e.Host, e.What, e.App = levels[2], levels[3], levels[4], c.What, c.App
		return e
	}
	var o fleet.Outcome
	_ = json.Unmarshal(m.Data(), &o)
	e.Agent, e.Host, e.Who, e.What, e.App = levels[2], o.Host, o.Who, o.Command.What, o.Command.App
	if e.Kind, e.Outcome = "done", o.Done; o.Refused != "" {
		e.Kind, e.Outcome = "refused", o.Refused
	}
	return e
}
