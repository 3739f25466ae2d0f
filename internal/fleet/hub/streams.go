package hub

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/plumb-dev/plumb/internal/fleet"
)

// AckWait is how long a case is its analyst's after the last sign of life; then another
// one gets it.
const AckWait = 20 * time.Second

// keeper is the consumer of the hub's keepers.
const keeper = "keeper"

// makeStreams makes what the fleet needs in JetStream, or brings it up to date.
func makeStreams(ctx context.Context, js jetstream.JetStream, o *Options) error {
	week := 7 * 24 * time.Hour
	for _, c := range []jetstream.StreamConfig{
		{
			Name: fleet.ChunksStream, Description: "pieces of files on their way to the hub",
			Subjects: []string{"plumb.chunk.*.*.*"}, MaxAge: week, MaxMsgsPerSubject: 1,
			Discard: jetstream.DiscardNew, DiscardNewPerSubject: true, MaxBytes: bound(o.Size), AllowDirect: true,
		},
		{Name: fleet.CasesStream, Description: "alarms with their snapshots, as agents sent them", Subjects: []string{"plumb.case.*.*"}, MaxAge: o.Keep},
		{
			Name: fleet.JobsStream, Description: "cases to be analysed, by the memory that this takes", Subjects: []string{"plumb.job.*"},
			Retention: jetstream.WorkQueuePolicy, Duplicates: time.Hour, Metadata: map[string]string{fleet.SnapshotsKey: o.Snapshots},
		},
		{Name: fleet.ResultsStream, Description: "what was found, one message for each case", Subjects: []string{"plumb.result.*.*"}, MaxAge: o.Keep, AllowDirect: true},
		{
			Name: fleet.AuditStream, Description: "commands, and what became of them",
			Subjects: []string{"plumb.command.*.*.*", "plumb.outcome.*.*"}, MaxAge: o.Keep,
			NoAck: true, // agents answer commands, not the stream
		},
	} {
		c.Replicas = o.Replicas
		if _, err := js.CreateOrUpdateStream(ctx, c); err != nil {
			return fmt.Errorf("make stream %s: %w", c.Name, err)
		}
	}
	for _, c := range []jetstream.KeyValueConfig{
		{Bucket: fleet.AppsBucket, Description: "heartbeats", TTL: 24 * time.Hour},
		{Bucket: fleet.AnalystsBucket, Description: "analysts that are there", TTL: 3 * fleet.Beat},
		{Bucket: fleet.TriesBucket, Description: "attempts at cases", TTL: week},
		{Bucket: fleet.FilesBucket, Description: "files that are stored", TTL: o.Keep},
		{Bucket: fleet.ToldBucket, Description: "events that were told", TTL: o.Keep},
	} {
		c.Replicas = o.Replicas
		if _, err := js.CreateOrUpdateKeyValue(ctx, c); err != nil {
			return fmt.Errorf("make bucket %s: %w", c.Bucket, err)
		}
	}
	if _, err := js.CreateOrUpdateObjectStore(ctx, jetstream.ObjectStoreConfig{
		Bucket: fleet.SnapshotsBucket, Description: "snapshots, by their hash", TTL: o.Keep, MaxBytes: bound(o.Size), Replicas: o.Replicas,
	}); err != nil {
		return fmt.Errorf("make bucket %s: %w", fleet.SnapshotsBucket, err)
	}
	if _, err := js.CreateOrUpdateConsumer(ctx, fleet.CasesStream, jetstream.ConsumerConfig{
		Durable: keeper, AckPolicy: jetstream.AckExplicitPolicy, AckWait: AckWait,
	}); err != nil {
		return fmt.Errorf("make the keepers' consumer: %w", err)
	}
	for need := fleet.LeastNeed; need <= fleet.MostNeed; need++ {
		if _, err := js.CreateOrUpdateConsumer(ctx, fleet.JobsStream, jetstream.ConsumerConfig{
			Durable: need.String(), FilterSubject: fleet.JobSubject(need), AckPolicy: jetstream.AckExplicitPolicy, AckWait: AckWait,
		}); err != nil {
			return fmt.Errorf("make the analysts' consumer: %w", err)
		}
	}
	return nil
}

// bound is a limit as JetStream has it.
func bound(bytes int64) int64 {
	if bytes <= 0 {
		return -1
	}
	return bytes
}
