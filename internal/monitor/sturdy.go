package monitor

import (
	"context"
	"fmt"

	"github.com/prometheus/alertmanager/alert"
	"github.com/prometheus/alertmanager/notify"
)

// sturdy is a way to notify whose faults stay its own. Some of Alertmanager's take an
// answer for granted that a server need not give (Telegram's without a message), and
// would end the process with all that it does for others.
type sturdy struct{ *notify.Integration }

// Notify is tried once where the other side is not what it should be.
func (s sturdy) Notify(ctx context.Context, alerts ...*alert.Alert) (retry bool, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			retry, err = false, fmt.Errorf("%s does not understand the answer: %v", s.Integration, fault)
		}
	}()
	return s.Integration.Notify(ctx, alerts...)
}

// sturdyAll makes the ways of a receiver sturdy.
func sturdyAll(receiver string, ways []notify.Integration) []notify.Integration {
	var list []notify.Integration
	for i := range ways {
		way := &ways[i]
		list = append(list, notify.NewIntegration(sturdy{way}, way, way.Name(), way.Index(), receiver))
	}
	return list
}
