package main

import (
	"context"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
)

// writeDay writes what a server has on disk after a day, as a kill leaves it: full
// blocks, and the last hours in the log alone. It returns the number of samples.
func writeDay(ctx context.Context, dir string, o options) (int, error) {
	options := tsdb.DefaultOptions()
	options.RetentionDuration = (15 * 24 * time.Hour).Milliseconds()
	db, err := tsdb.Open(dir, nil, nil, options, nil)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	db.DisableCompactions() // when we say so, not a minute after the clock says so
	var all []labels.Labels
	for app := range o.apps {
		for n := range o.series {
			all = append(all, labels.FromStrings("__name__", "series", "instance", "app"+strconv.Itoa(app), "n", strconv.Itoa(n)))
		}
	}
	refs := make([]storage.SeriesRef, len(all))
	random := rand.New(rand.NewPCG(1, 2))
	now := time.Now()
	samples := 0
	for at, i := now.Add(-24*time.Hour), 0; at.Before(now); at, i = at.Add(o.interval), i+1 {
		appender := db.Appender(ctx)
		for s := range all {
			ref, err := appender.Append(refs[s], all[s], at.UnixMilli(), float64(i)+random.Float64())
			if err != nil {
				return 0, err
			}
			refs[s] = ref
			samples++
		}
		if err := appender.Commit(); err != nil {
			return 0, err
		}
		if i%int(time.Hour/o.interval) == 0 {
			if err := db.Compact(ctx); err != nil {
				return 0, err
			}
		}
	}
	return samples, nil
}
